public import Tracers

/// What a hook says about the way of a packet.
public enum HookRole: Sendable, Equatable {
    /// The stack takes in a packet, from a device or from a lower layer.
    case receive
    /// A device's driver gets the packet.
    case transmit
    /// A program copies the packet into its own memory.
    case deliver
    /// Happens to the skb anywhere on its way (cloning, freeing) or inside a driver: says nothing about where it is.
    case aside
    /// Anywhere else in the stack.
    case onward
}

/// What the analysis must know of one hook of the attach plan.
public struct HookFacts: Sendable, Equatable {
    /// Name of the tracer.
    public let tracer: String
    public let role: HookRole
    public let flags: TracerFlags

    /// - Parameters:
    ///   - tracer: the name in tracers.json, or that of a kernel function outside it.
    ///   - group: the tracer's group in tracers.json; "kernel" where it has none.
    public init(tracer: String, group: String, flags: TracerFlags) {
        self.tracer = tracer
        self.flags = flags
        role = Self.role(of: tracer, in: group)
    }

    private static func role(of tracer: String, in group: String) -> HookRole {
        switch tracer {
        // Both fire right before the driver's ndo_start_xmit (xmit_one, net/core/dev.c).
        case "dev_hard_start_xmit", "net:net_dev_start_xmit": .transmit
        // skb_copy_datagram_iter has this tracepoint in it (net/core/datagram.c); UDP releases what was read by
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
