public import Protocols

/// A packet that demands an answer or ends a connection, and that the kernel frees as consumed even if it ignores it.
public enum UnansweredRequest: String, Sendable, CaseIterable {
    /// net/ipv4/arp.c, arp_process.
    case arpRequest = "arp-request"
    /// net/ipv4/icmp.c, icmp_echo; net/ipv6/icmp.c, icmpv6_rcv.
    case echoRequest = "echo-request"
    /// net/ipv4/tcp_input.c, tcp_conn_request.
    case tcpSyn = "tcp-syn"
    /// net/ipv4/tcp_input.c, tcp_reset.
    case tcpReset = "tcp-reset"

    /// Returns nil for all other packets.
    public init?(_ packet: Packet) {
        if case .arp(let arp) = packet.headers.network {
            guard arp.operation == 1, !arp.isReverse else { return nil }
            self = .arpRequest
            return
        }
        switch packet.headers.transport {
        case .icmp(let header) where header.type == (header.isV6 ? 128 : 8): self = .echoRequest
        case .tcp(let header) where header.flags?.contains(.rst) == true: self = .tcpReset
        case .tcp(let header) where header.flags?.intersection([.syn, .ack]) == .syn: self = .tcpSyn
        default: return nil
        }
    }
}
