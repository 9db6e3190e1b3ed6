/// Names of errors, as `dtrace -x errtags` prints them, so that scripts which expect an error can tell which one it is.
public struct ErrorTag: RawRepresentable, Hashable, Sendable {
    public var rawValue: String
    public init(rawValue: String) { self.rawValue = rawValue }
    public init(_ name: String) { rawValue = "D_" + name }

    public static let unknown = ErrorTag("UNKNOWN")
    public static let syntax = ErrorTag("SYNTAX")
    /// No probe matches.
    public static let noProbe = ErrorTag("PDESC_ZERO")
    /// The description of a probe is malformed.
    public static let description = ErrorTag("PDESC_INVAL")
    public static let probeNumber = ErrorTag("PDESC_INVAL")
    /// The number and the types of a function's arguments.
    public static let argumentCount = ErrorTag("PROTO_LEN")
    public static let argumentType = ErrorTag("PROTO_ARG")
    public static let type = ErrorTag("TYPE_ERR")
    public static let member = ErrorTag("TYPE_MEMBER")
    public static let undefined = ErrorTag("IDENT_UNDEF")
    public static let undefinedFunction = ErrorTag("FUNC_UNDEF")
    public static let incompatible = ErrorTag("OP_INCOMPAT")
    public static let notAnInteger = ErrorTag("OP_INT")
    public static let notAScalar = ErrorTag("OP_SCALAR")
    public static let notAPlace = ErrorTag("OP_LVAL")
    public static let notWritable = ErrorTag("OP_WRITE")
    public static let redeclared = ErrorTag("DECL_IDRED")
}
