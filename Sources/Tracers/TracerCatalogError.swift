/// The reason that a catalog is invalid. Each case has the place in the file and the remedy.
public enum TracerCatalogError: Error, Equatable, CustomStringConvertible {
    /// The file is not JSON.
    case notJSON(reason: String)
    /// A value is missing, has the wrong type or is not allowed. `path` as in `groups[2].tracers[0].kind`.
    case invalid(path: String, problem: String, remedy: String)

    public var description: String {
        switch self {
        case .notJSON(let reason):
            "the tracer catalog is not valid JSON: \(reason)"
        case .invalid(let path, let problem, let remedy):
            "the tracer catalog is wrong at \(path.isEmpty ? "its root" : path): \(problem); \(remedy)"
        }
    }
}
