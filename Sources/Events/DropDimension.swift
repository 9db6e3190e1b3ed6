import CNettraceBPF

/// A column that distinguishes rows of a table of drops.
public enum DropDimension: String, CaseIterable, Hashable, Sendable {
    case reason, location, device, netns, saddr, daddr, sport, dport, proto

    /// NT_DROP_BY_ of BPF/include/nettrace_drops.h.
    public var bit: UInt32 {
        let bit =
            switch self {
            case .reason: NT_DROP_BY_REASON
            case .location: NT_DROP_BY_LOCATION
            case .device: NT_DROP_BY_DEVICE
            case .netns: NT_DROP_BY_NETNS
            case .saddr: NT_DROP_BY_SADDR
            case .daddr: NT_DROP_BY_DADDR
            case .sport: NT_DROP_BY_SPORT
            case .dport: NT_DROP_BY_DPORT
            case .proto: NT_DROP_BY_PROTO
            }
        return UInt32(bit)
    }
}
