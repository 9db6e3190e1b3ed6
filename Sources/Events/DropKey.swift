import CNettraceBPF

/// The key of one row of a table of drops. Fields that the table does not group by are zero.
///
/// Layout: `struct nt_drop_key`, BPF/include/nettrace_drops.h.
public struct DropKey: Hashable, Sendable {
    /// Address of the drop's place in the kernel; 0: none known.
    public var location: UInt64
    /// `enum skb_drop_reason`, or a subsystem's. 0 also where the kernel gives none.
    public var reason: UInt32
    /// Inode of the network namespace; 0: none known.
    public var netns: UInt32
    /// Name of the device, which somebody chose: to be escaped. Empty: none.
    public var device: [UInt8]
    /// Ethertype; 0: no address and no protocol was asked for, or there is none.
    public var etherType: UInt16
    /// Protocol after the IP headers, where `etherType` is IP's.
    public var transport: UInt8
    public var source: NetworkAddress
    public var destination: NetworkAddress
    /// Ports; 0: none.
    public var sourcePort: UInt16
    public var destinationPort: UInt16

    /// Reads a key. nil if `bytes` is too short for one.
    public init?(_ bytes: RawSpan) {
        guard let key = bytes.load(nt_drop_key.self, at: 0) else { return nil }
        location = key.location
        reason = key.reason
        netns = key.netns
        device = withUnsafeBytes(of: key.ifname) { Array($0.prefix { $0 != 0 }) }
        etherType = key.protocol
        transport = key.l4
        source = withUnsafeBytes(of: key.saddr) { NetworkAddress(network: $0) }
        destination = withUnsafeBytes(of: key.daddr) { NetworkAddress(network: $0) }
        sourcePort = UInt16(bigEndian: key.sport)
        destinationPort = UInt16(bigEndian: key.dport)
    }
}
