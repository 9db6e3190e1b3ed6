import BPFCode
import DLanguage
import KernelTypes

/// The state that all programs of a D program share while they are compiled.
final class ProgramContext {
    let typed: TypedProgram
    private(set) var texts: [[UInt8]] = []
    private var numbers: [[UInt8]: Int] = [:]
    /// Forms of keys, by aggregation.
    private(set) var aggregationKeys: [[Field]] = []
    private(set) var arrayKeys: [[Field]] = []
    /// Offsets of global variables in the value of `MapNames.globals`.
    private(set) var globalOffsets: [Int: Int] = [:]
    private(set) var globalSize = 0

    /// Bytes of scratch memory that the largest program needs.
    private(set) var scratchSize = 0

    /// Addresses of the kernel's variables.
    private let symbols: (_ module: String?, _ name: String) -> UInt64?

    init(_ typed: TypedProgram, symbols: @escaping (String?, String) -> UInt64?) {
        self.typed = typed
        self.symbols = symbols
        aggregationKeys = typed.aggregations.map { fields($0.keys) }
        arrayKeys = typed.arrays.map { fields($0.keys) }
        for (index, variable) in typed.variables.enumerated() where variable.scope == .global {
            globalOffsets[index] = globalSize
            globalSize += storageSize(of: variable.type)
        }
    }

    /// Text in keys: they lie on the stack, which has 512 bytes.
    static let keyTextCapacity = 64

    private func fields(_ types: [DType]) -> [Field] {
        var offset = 0
        return types.map { type in
            let field = Field(offset: offset, form: form(of: type, capacity: Self.keyTextCapacity))
            offset += field.form.size
            return field
        }
    }

    /// How a record or key has a value of the type.
    func form(of type: DType, capacity: Int) -> Field.Form {
        switch type {
        case .string: .text(capacity: capacity)
        case .addressText: .address
        case .stack(let frames): .stack(frames: frames)
        case .symbol(let form): .symbol(form)
        case .integer(let integer), .enumeration(_, let integer):
            .integer(bytes: integer.bytes, isSigned: integer.isSigned)
        case .structure, .array: .bytes(size(of: type))
        default: .integer(bytes: 8, isSigned: false)
        }
    }

    /// Bytes, as in C.
    func size(of type: DType) -> Int { typed.types.size(of: type, strsize: typed.options.strsize) ?? 8 }

    /// Bytes of a variable or element: scalars have 64 bits, structs and arrays the places of C.
    func storageSize(of type: DType) -> Int { form(of: type, capacity: typed.options.strsize).size }

    /// Of the variables of threads that have more than 64 bits.
    var widestThreadValue: Int {
        typed.variables.filter { $0.scope == .thread }.map { storageSize(of: $0.type) }.max() ?? 8
    }

    func address(
        ofSymbol name: String, _ module: String?, at position: SourcePosition
    ) throws(Diagnostic) -> UInt64 {
        if let address = symbols(module, name), address != 0 { return address }
        throw Diagnostic(
            "the kernel has no symbol '\((module.map { $0 + "`" } ?? "") + name)'", at: position,
            advice: "/proc/kallsyms lists them; variables are among them if CONFIG_KALLSYMS_ALL is set",
            tag: ErrorTag("SYM_BADREF"))
    }

    func need(scratch bytes: Int) { scratchSize = max(scratchSize, bytes) }

    func number(of text: [UInt8]) -> Int {
        if let known = numbers[text] { return known }
        texts.append(text)
        numbers[text] = texts.count - 1
        return texts.count - 1
    }

    static func size(of fields: [Field]) -> Int { fields.last.map { $0.offset + $0.form.size } ?? 0 }
}

extension TypedStatement {
    /// Whether user space learns of the statement, by the firing's record.
    var hasData: Bool {
        switch form {
        case .evaluate, .aggregate: false
        default: true
        }
    }
}

extension Diagnostic {
    static func unavailable(_ what: String, at position: SourcePosition, advice: String? = nil) -> Diagnostic {
        Diagnostic("\(what) is not available yet", at: position, advice: advice)
    }
}
