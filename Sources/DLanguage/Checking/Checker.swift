import KernelTypes
import Tracers

/// Syntax → the typed program.
///
/// Names are looked up in the order of the text: a variable exists from its first assignment on, with the type of what
/// is assigned.
final class Checker {
    var program: TypedProgram
    let catalog: any ProbeCatalog
    /// Results of the first pass over the program, for the second one.
    let knowledge: Knowledge

    var typedefs: [String: DType] = StandardTypes.typedefs
    var tags: [String: DType] = [:]
    var enumerators: [String: (type: DType, value: UInt64)] = [:]
    var inlines: [String: InlineSyntax] = [:]
    var translators: [Translator] = []
    /// Declarations of libraries, which are read only if the program needs them.
    var library = LibraryIndex()

    enum Entry {
        case variable(Int)
        case array(Int)
    }
    var entries: [VariableScope: [String: Entry]] = [.global: [:], .thread: [:], .clause: [:]]
    var aggregations: [String: Int] = [:]

    /// Parameters of the inline or translator whose body is being checked.
    var locals: [String: Operand] = [:]
    var nextLocal = 0
    var inlineDepth = 0
    private var nesting = 0
    /// Nodes that may still be made: inlines and translators can multiply a short text.
    var budget = 100_000
    var signature: ProbeSignature?
    var usesArguments = false
    /// Names of the probes of the clause, for errors.
    var clauseName = ""
    var isInLibrary = false
    /// Members may point to structs that are declared later.
    var isInStructure = false

    init(types: TypeStore, catalog: any ProbeCatalog, options: ProgramOptions, knowledge: Knowledge) {
        program = TypedProgram(types: types)
        program.options = options
        self.catalog = catalog
        self.knowledge = knowledge
    }

    struct Translator {
        var output: DType
        var syntax: TranslatorSyntax
        var members: [String: ExpressionSyntax]
        var input: DType
    }

    /// Facts about the whole program that the first pass finds and the second one uses.
    struct Knowledge {
        /// Keys of arrays and aggregations, and variables, that only ever hold addresses: `@name#0`, `global name`.
        var addresses: Set<String> = []
        /// Those that hold other texts, too.
        var texts: Set<String> = []

        var onlyAddresses: Set<String> { addresses.subtracting(texts) }

        func isAddress(_ name: String) -> Bool { addresses.contains(name) && !texts.contains(name) }
    }
    /// Results of this pass.
    var findings = Knowledge()

    // MARK: Nodes

    func make(
        _ form: TypedExpression.Form, _ type: DType, at position: SourcePosition
    ) throws(Diagnostic) -> TypedExpression {
        budget -= 1
        guard budget > 0 else {
            throw Diagnostic(
                "the program grows too large when its inlines and translators are filled in", at: position,
                advice: "assign a part to a variable such as this->part and use that")
        }
        return TypedExpression(form, type, at: position)
    }

    func spelling(_ type: DType) -> String { program.types.spelling(of: type) }

    func size(_ type: DType) -> Int? { program.types.size(of: type, strsize: program.options.strsize) }

    func size(_ type: DType, at position: SourcePosition) throws(Diagnostic) -> Int {
        guard let size = size(type) else {
            throw Diagnostic("'\(spelling(type))' has no size here", at: position, tag: .init("SIZEOF_TYPE"))
        }
        return size
    }

    static func near(_ name: String, _ candidates: some Sequence<String>, prefix: String = "") -> String? {
        guard name.utf8.count <= 64 else { return nil }
        let names = nearestNames(to: name, in: candidates, limit: 4)
        return names.isEmpty ? nil : "near: " + names.map { prefix + $0 }.joined(separator: ", ")
    }

    // MARK: Values

    /// Checks an expression of which the value or place is needed.
    func check(_ syntax: ExpressionSyntax) throws(Diagnostic) -> Operand {
        nesting += 1
        defer { nesting -= 1 }
        guard nesting <= 300 else {
            throw Diagnostic(
                "the expression is nested too deep when its inlines are filled in", at: syntax.position,
                advice: "a variable such as this->part can hold a part of it", tag: .init("SYNTAX"))
        }
        return try checkForm(syntax)
    }

    private func checkForm(_ syntax: ExpressionSyntax) throws(Diagnostic) -> Operand {
        let position = syntax.position
        switch syntax.form {
        case .integer(let value, let type): return Operand(try make(.constant(value), .integer(type), at: position))
        case .text(let text):
            let cut = Array(text.prefix(max(0, program.options.strsize - 1)))
            return Operand(try make(.text(cut), .string, at: position))
        case .name(let name): return try named(name, position)
        case .scoped(let scope, let name): return try scoped(scope, name, position)
        case .symbol(let name): return try symbol(name, position)
        case .aggregation(let name):
            throw Diagnostic(
                "@\(name) can stand only on the left of '=' and in actions for aggregations", at: position,
                advice:
                    "printa(@\(name)), clear(@\(name)), trunc(@\(name)) … take it; its values are known to user space only",
                tag: .init("AGG_NULL"))
        case .index(let base, let keys): return try index(base, keys, position)
        case .call(let function, let arguments): return try call(function, arguments, position)
        case .member(let base, let name, let isArrow): return try member(base, name, isArrow, position)
        case .increment(let target, let operation, let isPrefix):
            return Operand(try increment(target, operation, isPrefix: isPrefix, position))
        case .unary(let operation, let value): return Operand(try unary(operation, try check(value), position))
        case .plus(let value): return Operand(try arithmeticOperand(try check(value), "+"))
        case .addressOf(let value): return Operand(try address(of: try check(value), position))
        case .dereference(let value): return try dereference(try check(value), position)
        case .cast(let type, let value): return Operand(try cast(try check(value), to: try resolve(type), position))
        case .binary(let operation, let left, let right):
            return Operand(try binary(operation, try check(left), try check(right), position))
        case .logical(let operation, let left, let right):
            return Operand(try logical(operation, try check(left), try check(right), position))
        case .conditional(let condition, let yes, let no): return try conditional(condition, yes, no, position)
        case .assign(let operation, let target, let value):
            return Operand(try assign(operation, target, value, position))
        case .comma(let parts):
            let checked = try parts.map { (part) throws(Diagnostic) in try check(part) }
            let last = checked[checked.count - 1]
            return Operand(
                try make(.sequence(checked.map(\.expression)), last.expression.type, at: position),
                translation: last.translation)
        case .sizeofType(let type): return try sizeof(try resolve(type), position)
        case .sizeofValue(let value): return try sizeof(value, position)
        case .offsetof(let type, let path): return try offset(of: path, in: try resolve(type), position)
        case .stringof(let value): return Operand(try stringof(try check(value), position))
        case .translate(let type, let value): return try translate(type, try check(value), position)
        }
    }

    /// A constant that the program needs at this place.
    func constant(_ syntax: ExpressionSyntax, _ what: String) throws(Diagnostic) -> Int64 {
        let value = try scalar(try check(syntax))
        guard let constant = value.constant else {
            throw Diagnostic("\(what) must be an integer constant", at: syntax.position, tag: Self.constantTag(what))
        }
        return Int64(bitPattern: constant)
    }
}
