import BPFCode
import DLanguage

extension Instruction.Operand {
    /// The verifier refuses constant shifts by 64 and more; registers count modulo 64.
    var masked: Self {
        if case .immediate(let value) = self { .immediate(value & 63) } else { self }
    }
}

extension BinaryOperator {
    /// Of comparisons.
    func condition(isSigned: Bool) -> Instruction.Condition? {
        switch self {
        case .equal: .equal
        case .notEqual: .notEqual
        case .less: isSigned ? .signedLess : .less
        case .lessOrEqual: isSigned ? .signedLessOrEqual : .lessOrEqual
        case .greater: isSigned ? .signedGreater : .greater
        case .greaterOrEqual: isSigned ? .signedGreaterOrEqual : .greaterOrEqual
        default: nil
        }
    }

    var arithmetic: Instruction.Arithmetic {
        switch self {
        case .subtract: .subtract
        case .multiply: .multiply
        case .divide: .divide
        case .remainder: .modulo
        case .and: .and
        case .or: .or
        case .xor: .xor
        case .shiftLeft: .shiftLeft
        case .shiftRight: .shiftRight
        default: .add
        }
    }
}
