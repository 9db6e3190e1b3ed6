/// The reason that no plan can be made.
public enum AttachPlanError: Error, Equatable, Sendable {
    /// A tracer that the user named is not available here.
    case unavailable(tracer: String, reason: SkipReason, nearest: [String])
    /// A pattern over the kernel's names without a match.
    case noMatch(pattern: String, nearest: [String], reason: SkipReason?)
    /// A function without an skb that cannot be shown; the name begins with +.
    case noFunction(name: String, reason: SkipReason)
    /// A pattern that begins with + and matches too many functions.
    case tooManyFunctions(pattern: String, count: Int)
    case nothingToAttach([SkippedTracer])
    case tooManyHooks(Int)
}

extension AttachPlanError: CustomStringConvertible {
    public var description: String {
        switch self {
        case .unavailable(let tracer, let reason, let nearest):
            return "cannot trace \(tracer): \(reason)" + Self.suggestion(nearest)
        case .noMatch(let pattern, _, let reason?):
            return "cannot trace '\(pattern)': \(reason)"
        case .noMatch(let pattern, let nearest, nil):
            return "nothing in this kernel matches '\(pattern)'" + Self.suggestion(nearest)
        case .noFunction(let name, let reason):
            return "cannot trace \(name): \(reason)"
        case .tooManyFunctions(let pattern, let count):
            return "'\(pattern)' matches \(count) functions, which attach one by one; narrow it to "
                + "\(UnderPlanner.maximumMatches) at most"
        case .nothingToAttach(let skipped):
            guard let first = skipped.first else { return "nothing is left to attach; exclude fewer tracers" }
            return "none of the selected tracers can be attached here; \(first.tracer): \(first.reason)"
                + (skipped.count > 1 ? " (and \(skipped.count - 1) more)" : "")
                + "; nettrace -v -t '?' shows what can"
        case .tooManyHooks(let count):
            return "\(count) hooks are more than \(AttachPlan.maximumHooks); narrow the pattern"
        }
    }

    private static func suggestion(_ nearest: [String]) -> String {
        nearest.isEmpty
            ? "; nettrace -v -t '?' shows what can be traced here" : "; near: \(nearest.joined(separator: ", "))"
    }
}
