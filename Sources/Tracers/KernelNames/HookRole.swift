/// The meaning of a hook for the path of a packet: `role` in tracers.json.
public enum HookRole: String, CaseIterable, Hashable, Sendable {
    /// The stack receives a packet from a device or a lower layer.
    case receive
    /// A device's driver receives the packet for transmission.
    case transmit
    /// A program copies the packet into its own memory.
    case deliver
    /// An event that may happen anywhere on the path (cloning, freeing) or inside a driver: it does not show where the
    /// packet is.
    case aside
    /// Anywhere else in the stack.
    case onward
}

extension TracerCatalog {
    /// The role of a hook that is known by names only, as in a recording of another version: that of the tracer, or of the
    /// group if this catalog does not have the tracer.
    public func role(ofTracer tracer: String, group: String) -> HookRole {
        self.tracer(named: tracer)?.role ?? self.group(named: group)?.role ?? .onward
    }
}
