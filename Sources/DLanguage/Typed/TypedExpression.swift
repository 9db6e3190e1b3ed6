/// An expression with everything resolved. A scalar value is 64 bits, extended from the size of `type`.
public struct TypedExpression: Hashable, Sendable {
    public var type: DType
    public var position: SourcePosition
    public var form: Form

    public init(_ form: Form, _ type: DType, at position: SourcePosition) {
        self.form = form
        self.type = type
        self.position = position
    }

    public indirect enum Form: Hashable, Sendable {
        /// Of an integer, enum or pointer; extended to 64 bits as `type` says.
        case constant(UInt64)
        /// Bytes without the NUL; cut to `strsize` - 1 already.
        case text([UInt8])
        case builtin(Builtin)
        /// A value that the probe gives: `ProbeInput` says which.
        case input(ProbeInput)
        /// The address of a symbol of the kernel: `` `name `` or `` module`name ``. A read of its value is a `.memory`.
        case symbol(module: String?, name: String)

        /// Reads what `storage` holds. Structs and arrays too, as a source of a copy.
        case storage(Storage)
        /// Reads memory of the kernel at `address` + `offset`. `type` says how many bytes; of a struct or array it stands
        /// for the object at that place (to copy, trace or print).
        case memory(address: TypedExpression, offset: Int, bits: BitField?)

        case unary(UnaryOperator, TypedExpression)
        /// Integers only, both operands converted to one type already: of the result (arithmetic, shifts), or the common
        /// one (comparisons, result int). Addition of pointers too: the integer is scaled to bytes and 64 bits wide.
        case binary(BinaryOperator, TypedExpression, TypedExpression)
        /// `&&`, `||`, `^^`; result int 0 or 1. `&&` and `||` evaluate the right side only if it decides.
        case logical(LogicalOperator, TypedExpression, TypedExpression)
        /// Order of strcmp over two `.string`s; result int.
        case compareTexts(BinaryOperator, TypedExpression, TypedExpression)
        /// Whether an `.addressText` is this address (or, negated, is not); or equality of two of them.
        case matchesAddress(TypedExpression, AddressValue, negated: Bool)
        case compareAddresses(TypedExpression, TypedExpression, negated: Bool)
        /// Both results converted to `type` already.
        case conditional(TypedExpression, then: TypedExpression, otherwise: TypedExpression)
        /// To the type of this expression: between integer sizes (cut and extend), integers and pointers,
        /// `.addressText` to `.string`, or a `char` array or pointer to `.string` (reads up to the NUL, at most the array).
        case convert(TypedExpression)
        case call(Subroutine, [TypedExpression])

        /// Result: the value stored, with the place's type. The value is converted to it already; a struct or array is
        /// copied.
        case assign(Storage, TypedExpression)
        /// `x++`, `x--`: stores `newValue`, in which the place is read again; result: the old value.
        case assignAfter(Storage, newValue: TypedExpression)
        /// All but the last are evaluated for their effect.
        case sequence([TypedExpression])

        /// Evaluates `value` once; `.local(number)` in `body` is that value. Numbers are unique in the program.
        case bind(local: Int, value: TypedExpression, body: TypedExpression)
        case local(Int)
        /// An entry of a fixed table of texts, such as names of protocols; `otherwise` for any other index.
        case pick(TypedExpression, from: [[UInt8]], otherwise: TypedExpression)
    }
}

/// The bits of a bit-field within the bytes at its place, which has the size of the expression's type or fewer bytes.
public struct BitField: Hashable, Sendable {
    /// Counted from the least significant bit of the little-endian bytes at the offset. Below 8.
    public var first: Int
    public var count: Int

    public init(first: Int, count: Int) {
        self.first = first
        self.count = count
    }
}

/// A place in D's own variables that can be read and written.
public struct Storage: Hashable, Sendable {
    public indirect enum Base: Hashable, Sendable {
        /// Index into `TypedProgram.variables`.
        case variable(Int)
        /// Index into `TypedProgram.arrays`; each key is converted to the array's key type already. Missing: zeros.
        case element(Int, keys: [TypedExpression])
        /// An address, which must lie in memory of alloca() or copyin(); otherwise the ERROR probe fires.
        case memory(TypedExpression)
    }

    public var base: Base
    /// Bytes from the start of the variable or element.
    public var offset: Int
    /// Bytes to add to `offset`: an index that is no constant, scaled. Outside of 0..<limit: the ERROR probe.
    public var dynamic: TypedExpression?
    public var dynamicLimit: Int
    public var bits: BitField?

    public init(
        _ base: Base, offset: Int = 0, dynamic: TypedExpression? = nil, dynamicLimit: Int = 0, bits: BitField? = nil
    ) {
        self.base = base
        self.offset = offset
        self.dynamic = dynamic
        self.dynamicLimit = dynamicLimit
        self.bits = bits
    }
}

/// An address that a text literal spells, in the form that inet_ntop prints.
public struct AddressValue: Hashable, Sendable {
    /// 4 or 6.
    public var family: UInt8
    /// In network order, 4 or 16.
    public var bytes: [UInt8]

    public init(family: UInt8, bytes: [UInt8]) {
        self.family = family
        self.bytes = bytes
    }
}

public enum UnaryOperator: String, Hashable, Sendable {
    case minus = "-"
    case complement = "~"
    /// Result int 0 or 1; of any scalar.
    case not = "!"
}

/// Division, remainder, right shift and order depend on the sign of the operands' type.
public enum BinaryOperator: String, Hashable, Sendable {
    case add = "+"
    case subtract = "-"
    case multiply = "*"
    /// By zero: the ERROR probe.
    case divide = "/"
    case remainder = "%"
    case and = "&"
    case or = "|"
    case xor = "^"
    case shiftLeft = "<<"
    case shiftRight = ">>"
    case equal = "=="
    case notEqual = "!="
    case less = "<"
    case lessOrEqual = "<="
    case greater = ">"
    case greaterOrEqual = ">="
}

public enum LogicalOperator: String, Hashable, Sendable {
    case and = "&&"
    case or = "||"
    case xor = "^^"
}
