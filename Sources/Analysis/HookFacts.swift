public import Tracers

/// The facts about one hook of the attach plan that the analysis needs.
public struct HookFacts: Sendable, Equatable {
    /// Name of the tracer.
    public let tracer: String
    public let role: HookRole
    public let flags: TracerFlags

    public init(tracer: String, role: HookRole, flags: TracerFlags) {
        self.tracer = tracer
        self.flags = flags
        self.role = role
    }
}
