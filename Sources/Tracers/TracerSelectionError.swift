/// The reason that the arguments of `-t` or `--tracer-exclude` are invalid.
public enum TracerSelectionError: Error, Equatable, CustomStringConvertible {
    /// No group, tracer or kernel name has this name. `nearest`: similar names, best match first.
    case unknownName(String, nearest: [String])
    /// A pattern that matches no name of the catalog.
    case noMatch(pattern: String)
    case badRegex(String, reason: String)
    /// A `/` without a second `/`.
    case openRegex(String)
    /// `kernel:` or `:` without text on one side.
    case incomplete(String)
    /// A `+` without the name of a function.
    case notAFunction(String)
    /// All arguments together select nothing, or all selected tracers are excluded.
    case nothingSelected

    public var description: String {
        switch self {
        case .unknownName(let name, let nearest) where nearest.isEmpty:
            "there is no tracer \"\(name)\"; list all with -t '?'"
        case .unknownName(let name, let nearest):
            "there is no tracer \"\(name)\"; did you mean \(nearest.joined(separator: ", "))? List all with -t '?'"
        case .noMatch(let pattern):
            "no tracer matches \"\(pattern)\"; to search all functions of the kernel, write 'kernel:\(pattern)'"
        case .badRegex(let source, let reason):
            "/\(source)/ is not a regular expression: \(reason)"
        case .openRegex(let text):
            "the regular expression \"\(text)\" does not end; close it with /"
        case .incomplete(let text):
            "\"\(text)\" is incomplete; write kernel:PATTERN or category:name, as in skb:kfree_skb"
        case .notAFunction(let text):
            "\"\(text)\" names no function; after + comes the name of a function of the kernel, or a pattern"
        case .nothingSelected:
            "there is no tracer left to trace with; name one after -t, or exclude fewer"
        }
    }
}
