/// A selection of hooks outside of the catalog, to be resolved against the running kernel.
///
/// The attach plan decides whether a pattern without matches is an error.
public enum KernelPattern: Hashable, Sendable, CustomStringConvertible {
    /// `kernel:GLOB`: functions of the kernel and its modules that take an skb.
    case functions(Glob)
    /// `category:name`, both possibly patterns: tracepoints.
    case tracepoints(category: Glob, name: Glob)
    /// `/REGEX/`: functions by their name and tracepoints by `category:name`.
    case regex(NameRegex)

    /// The pattern as the user typed it.
    public var description: String {
        switch self {
        case .functions(let glob): "kernel:\(glob)"
        case .tracepoints(let category, let name): "\(category):\(name)"
        case .regex(let regex): "/\(regex.source)/"
        }
    }
}
