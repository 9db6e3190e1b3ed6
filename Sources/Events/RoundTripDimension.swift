import CNettraceBPF

/// A column that distinguishes rows of a table of round-trip times.
public enum RoundTripDimension: String, CaseIterable, Hashable, Sendable {
    case raddr, rport, laddr, lport, service, netns

    /// NT_RTT_BY_ of BPF/include/nettrace_tcp.h.
    public var bit: UInt32 {
        let bit =
            switch self {
            case .raddr: NT_RTT_BY_RADDR
            case .rport: NT_RTT_BY_RPORT
            case .laddr: NT_RTT_BY_LADDR
            case .lport: NT_RTT_BY_LPORT
            case .service: NT_RTT_BY_SERVICE
            case .netns: NT_RTT_BY_NETNS
            }
        return UInt32(bit)
    }
}
