import CodeInterpreter
import DLanguage
import Testing

/// Random expressions: the code that the compiler makes of them, run in the model of a kernel, against a second evaluator that
/// walks the typed tree.
@Suite struct DifferentialTests {
    @Test(arguments: 0..<400) func agree(_ seed: Int) throws {
        var random = SeededGenerator(seed: UInt64(seed))
        let expressions = (0..<4).map { _ in ExpressionMaker().expression(depth: 4, &random) }
        let values = ExpressionMaker.variables.map { ($0.name, UInt64.random(in: 0...UInt64.max, using: &random)) }
        let settings = ExpressionMaker.variables.map { variable in
            "\(variable.name) = (\(variable.type))\(values.first { $0.0 == variable.name }!.1)ULL;"
        }
        let declarations = ExpressionMaker.variables.map { "\($0.type) \($0.name);" }.joined(separator: " ")
        let printed = expressions.map { "printf(\"%d \", \($0));" }.joined()
        var trial = try Trial("\(declarations) BEGIN{\(settings.joined())} BEGIN{\(printed)}")
        let output = try trial.fire("BEGIN").split(separator: " ").map(String.init)
        var evaluator = TreeEvaluator(trial.typed)
        var expected: [String] = []
        for statement in trial.typed.clauses.flatMap(\.statements) {
            switch statement.form {
            case .evaluate(let expression): _ = evaluator.value(expression)
            case .printf(_, let arguments):
                let value = evaluator.value(arguments[0])
                let isSigned = arguments[0].type.integer?.isSigned ?? false
                expected.append(isSigned ? String(Int64(bitPattern: value)) : String(value))
            default: break
            }
        }
        #expect(evaluator.hasFault ? true : output == expected, "\(expressions)")
        #expect(evaluator.hasFault == !trial.errors().isEmpty)
    }
}

/// Makes expressions of integers.
struct ExpressionMaker {
    static let variables: [(name: String, type: String)] = [
        ("a", "int"), ("b", "unsigned int"), ("c", "long"), ("d", "unsigned long long"), ("e", "char"),
        ("f", "uint8_t"), ("g", "short"), ("h", "uint16_t"),
    ]

    func expression(depth: Int, _ random: inout SeededGenerator) -> String {
        func part() -> String { expression(depth: depth - 1, &random) }
        guard depth > 0 else {
            return Bool.random(using: &random)
                ? Self.variables.randomElement(using: &random)!.name
                : String(Int32.random(in: 0...Int32.max, using: &random) >> Int32.random(in: 0...30, using: &random))
        }
        switch Int.random(in: 0..<10, using: &random) {
        case 0: return "(-\(part()))"
        case 1: return "(~\(part()))"
        case 2: return "(!\(part()))"
        case 3: return "(\(part()) ? \(part()) : \(part()))"
        case 4: return "((\(Self.variables.randomElement(using: &random)!.type))\(part()))"
        case 5:
            let sign = ["&&", "||", "^^"].randomElement(using: &random)!
            return "(\(part()) \(sign) \(part()))"
        case 6:
            let sign = ["==", "!=", "<", "<=", ">", ">="].randomElement(using: &random)!
            return "(\(part()) \(sign) \(part()))"
        // Divisors are variables: the compiler refuses a constant 0.
        case 7:
            let sign = ["/", "%"].randomElement(using: &random)!
            return "(\(part()) \(sign) \(Self.variables.randomElement(using: &random)!.name))"
        case 8:
            return "(\(part()) \(["<<", ">>"].randomElement(using: &random)!) \(Int.random(in: 0..<8, using: &random)))"
        default:
            let sign = ["+", "-", "*", "&", "|", "^"].randomElement(using: &random)!
            return "(\(part()) \(sign) \(part()))"
        }
    }
}

/// Works a typed expression out without any code: values are 64 bits, extended as their type says.
struct TreeEvaluator {
    private let program: TypedProgram
    private var values: [Int: UInt64] = [:]
    private(set) var hasFault = false

    init(_ program: TypedProgram) { self.program = program }

    mutating func value(_ expression: TypedExpression) -> UInt64 {
        let type = expression.type.integer ?? .unsignedLong
        switch expression.form {
        case .constant(let value): return value
        case .convert(let inner): return type.extended(value(inner))
        case .unary(let operation, let operand):
            let operand = value(operand)
            switch operation {
            case .minus: return type.extended(0 &- operand)
            case .complement: return type.extended(~operand)
            case .not: return operand == 0 ? 1 : 0
            }
        case .binary(let operation, let left, let right):
            return binary(operation, value(left), value(right), left.type.integer ?? .unsignedLong, type)
        case .logical(let operation, let left, let right):
            let one = value(left) != 0
            switch operation {
            case .and: return one && value(right) != 0 ? 1 : 0
            case .or: return one || value(right) != 0 ? 1 : 0
            case .xor: return one != (value(right) != 0) ? 1 : 0
            }
        case .conditional(let condition, let then, let otherwise):
            return value(condition) != 0 ? value(then) : value(otherwise)
        case .storage(let storage):
            guard case .variable(let index) = storage.base else { return 0 }
            return values[index] ?? 0
        case .assign(let storage, let new):
            let result = value(new)
            if case .variable(let index) = storage.base { values[index] = result }
            return result
        case .sequence(let parts): return parts.reduce(0) { _, part in value(part) }
        default: return 0
        }
    }

    private mutating func binary(
        _ operation: BinaryOperator, _ left: UInt64, _ right: UInt64, _ operands: IntegerType, _ result: IntegerType
    ) -> UInt64 {
        let (one, other) = (Int64(bitPattern: left), Int64(bitPattern: right))
        let isSigned = operands.isSigned
        func compare(_ signed: Bool, _ unsigned: Bool) -> UInt64 { (isSigned ? signed : unsigned) ? 1 : 0 }
        switch operation {
        case .equal: return left == right ? 1 : 0
        case .notEqual: return left != right ? 1 : 0
        case .less: return compare(one < other, left < right)
        case .lessOrEqual: return compare(one <= other, left <= right)
        case .greater: return compare(one > other, left > right)
        case .greaterOrEqual: return compare(one >= other, left >= right)
        case .add: return result.extended(left &+ right)
        case .subtract: return result.extended(left &- right)
        case .multiply: return result.extended(left &* right)
        case .and: return result.extended(left & right)
        case .or: return result.extended(left | right)
        case .xor: return result.extended(left ^ right)
        case .shiftLeft: return result.extended(left << (right & 63))
        case .shiftRight:
            return result.extended(isSigned ? UInt64(bitPattern: one >> (other & 63)) : left >> (right & 63))
        case .divide, .remainder:
            guard right != 0 else {
                hasFault = true
                return 0
            }
            guard isSigned else { return operation == .divide ? left / right : left % right }
            let (quotient, _) = one.dividedReportingOverflow(by: other)
            let (rest, _) = one.remainderReportingOverflow(dividingBy: other)
            return result.extended(UInt64(bitPattern: operation == .divide ? quotient : rest))
        }
    }
}
