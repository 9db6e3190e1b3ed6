/// A filter as a tree. Names, macros and corrections are resolved: only headers, fields and numbers are left.
///
/// Numbers are signed and have 64 bits; a sum, a product or a shift that needs more keeps the lowest 64. Values of wide
/// fields, such as addresses of IPv6, have 128 bits without a sign.
public indirect enum FilterExpression: Equatable, Sendable {
    /// - Parameter bits: a number of 64 bits with its sign extended, or a wide value.
    case constant(bits: UInt128, isWide: Bool)
    /// The value of a field; none if the packet has no such header or field, or if it was not captured.
    case field(FieldReference)
    /// 1 if a header has one of these fields, otherwise 0.
    case presence(HeaderPath, fields: [FieldReference])
    /// 1 if the packet has these headers, otherwise 0.
    case headers(HeaderPath)
    case unary(FilterOperator, FilterExpression)
    case binary(FilterOperator, FilterExpression, FilterExpression)
    /// 1 if the expression is true of one of the packets in this packet: paths that begin with `any.` mean the headers of
    /// that one.
    case anyPacket(FilterExpression)

    static func number(_ value: Int64) -> FilterExpression {
        .constant(bits: UInt128(truncatingIfNeeded: value), isWide: false)
    }

    /// Whether its values have 128 bits and no sign.
    public var isWide: Bool {
        switch self {
        case .constant(_, let isWide): isWide
        case .field(let reference): reference.isWide
        case .presence, .headers, .anyPacket: false
        case .unary(let operation, let operand): operation == .complement && operand.isWide
        case .binary(let operation, let left, let right):
            switch operation {
            case .bitAnd, .bitOr, .bitXor: left.isWide || right.isWide
            case .sequence: right.isWide
            default: false
            }
        }
    }
}

/// The operators of C, but for those that assign and for `?:`.
public enum FilterOperator: UInt8, Sendable {
    case not, complement, negate
    case multiply, divide, remainder, add, subtract, shiftLeft, shiftRight
    case less, lessOrEqual, greater, greaterOrEqual, equal, notEqual
    case bitAnd, bitXor, bitOr, and, or, sequence

    /// The usual spelling.
    var text: String {
        switch self {
        case .not: "!"
        case .complement: "~"
        case .negate, .subtract: "-"
        case .multiply: "*"
        case .divide: "/"
        case .remainder: "%"
        case .add: "+"
        case .shiftLeft: "<<"
        case .shiftRight: ">>"
        case .less: "<"
        case .lessOrEqual: "<="
        case .greater: ">"
        case .greaterOrEqual: ">="
        case .equal: "=="
        case .notEqual: "!="
        case .bitAnd: "&"
        case .bitXor: "^"
        case .bitOr: "|"
        case .and: "&&"
        case .or: "||"
        case .sequence: ","
        }
    }

    /// Whether the result is 1 or 0.
    var isTest: Bool {
        switch self {
        case .not, .less, .lessOrEqual, .greater, .greaterOrEqual, .equal, .notEqual, .and, .or: true
        default: false
        }
    }

    var isComparison: Bool { isTest && self != .not && self != .and && self != .or }

    /// Whether it takes wide values: those that compare or select bits do, those that calculate do not.
    var takesWideValues: Bool {
        switch self {
        case .negate, .multiply, .divide, .remainder, .add, .subtract, .shiftLeft, .shiftRight: false
        default: true
        }
    }
}
