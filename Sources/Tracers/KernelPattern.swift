/// A wish for hooks beyond the catalog, to be resolved against what the running kernel has.
///
/// Whether one that finds nothing is an error is for the attach plan to say.
public enum KernelPattern: Hashable, Sendable, CustomStringConvertible {
    /// `kernel:GLOB`: kernel functions that take an skb, of the kernel and its modules.
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
