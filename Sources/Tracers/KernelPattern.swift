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

/// A regular expression over names, known to be valid. It matches anywhere in the name; `^` and `$` anchor it.
///
/// Keeps the text, since a compiled `Regex` is neither `Sendable` nor `Hashable`.
public struct NameRegex: Hashable, Sendable {
    public let source: String

    /// - Throws: ``TracerSelectionError/badRegex(_:reason:)`` for text that is no regular expression.
    public init(_ source: String) throws(TracerSelectionError) {
        do {
            _ = try Regex(source)
        } catch {
            throw .badRegex(source, reason: "\(error)")
        }
        self.source = source
    }

    /// The names that match, in their order. Compiles the expression once for all of them.
    public func matches(in names: some Sequence<String>) -> [String] {
        // Never empty-handed for this reason: init has compiled it before.
        guard let regex = try? Regex(source) else { return [] }
        return names.filter { $0.firstMatch(of: regex) != nil }
    }
}
