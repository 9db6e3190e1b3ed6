public import Tracers

/// The meaning of a hook for the path of a packet.
public enum HookRole: Sendable, Equatable {
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

/// The facts about one hook of the attach plan that the analysis needs.
public struct HookFacts: Sendable, Equatable {
    /// Name of the tracer.
    public let tracer: String
    public let role: HookRole
    public let flags: TracerFlags

    /// - Parameters:
    ///   - tracer: the name in tracers.json, or of another kernel function.
    ///   - group: the tracer's group in tracers.json; "kernel" if it has none.
    public init(tracer: String, group: String, flags: TracerFlags) {
        self.tracer = tracer
        self.flags = flags
        role = flags.contains(.under) ? .aside : Self.role(of: tracer, in: group)
    }

    private static func role(of tracer: String, in group: String) -> HookRole {
        switch tracer {
        // Both fire right before the driver's ndo_start_xmit (xmit_one, net/core/dev.c).
        case "dev_hard_start_xmit", "net:net_dev_start_xmit": .transmit
        // skb_copy_datagram_iter contains this tracepoint (net/core/datagram.c). UDP releases packets that were read in
        // skb_consume_udp (net/ipv4/udp.c).
        case "skb_copy_datagram_iter", "skb:skb_copy_datagram_iovec", "skb_consume_udp": .deliver
        default:
            switch group {
            case "link-in", "ip-in", "ipv6-in", "tcp-in": .receive
            case "link-out", "life": .aside
            default: .onward
            }
        }
    }
}
