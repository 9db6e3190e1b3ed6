/// Names of errors, as `dtrace -x errtags` prints them: scripts that expect an error recognise it by them.
public struct ErrorTag: Hashable, Sendable {
    /// With its `D_`.
    public var name: String

    public init(_ name: String) { self.name = "D_" + name }

    public static let unknown = ErrorTag("UNKNOWN")
    /// No probe matches.
    public static let noProbe = ErrorTag("PDESC_ZERO")
    /// The description of a probe is malformed, or no probe has its number.
    public static let description = ErrorTag("PDESC_INVAL")
}

extension Checker {
    /// Of constants that have errors of their own.
    static func constantTag(_ what: String, isValue: Bool = false) -> ErrorTag {
        let kind = isValue ? "VAL" : "TYPE"
        return switch what {
        case "the lower bound of lquantize()": ErrorTag("LQUANT_BASE" + kind)
        case "the upper bound of lquantize()": ErrorTag("LQUANT_LIM" + kind)
        case "the step of lquantize()": ErrorTag("LQUANT_STEP" + kind)
        case "the factor of llquantize()": ErrorTag("LLQUANT_FACTOR" + kind)
        case "the low magnitude of llquantize()": ErrorTag("LLQUANT_LOW" + kind)
        case "the high magnitude of llquantize()": ErrorTag("LLQUANT_HIGH" + kind)
        case "the number of steps of llquantize()": ErrorTag("LLQUANT_NSTEP" + kind)
        case "the size of tracemem()": ErrorTag("TRACEMEM_SIZE")
        case "the size of a bit-field": ErrorTag("DECL_BFCONST")
        case "the value of an enumerator": ErrorTag("DECL_ENCONST")
        case "the index of args": ErrorTag("ARGS_TYPE")
        default: ErrorTag("PROTO_ARG")
        }
    }
}
