import CNettraceBPF

/// The key of one row of a table of drops. What the table is not told by is zero.
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
    /// Protocol behind the IP headers, where `etherType` is IP's.
    public var transport: UInt8
    public var source: Address
    public var destination: Address
    /// Ports; 0: none.
    public var sourcePort: UInt16
    public var destinationPort: UInt16

    /// The sixteen bytes of an address, as two integers in the order of the wire; of IPv4 the first four.
    public struct Address: Hashable, Sendable {
        public var high: UInt64
        public var low: UInt64

        public init(high: UInt64 = 0, low: UInt64 = 0) {
            self.high = high
            self.low = low
        }
    }

    /// Reads a key. nil if `bytes` is too short for one.
    public init?(_ bytes: RawSpan) {
        guard let key = bytes.load(nt_drop_key.self, at: 0) else { return nil }
        location = key.location
        reason = key.reason
        netns = key.netns
        device = withUnsafeBytes(of: key.ifname) { Array($0.prefix { $0 != 0 }) }
        etherType = key.protocol
        transport = key.l4
        source = withUnsafeBytes(of: key.saddr) { Address(network: $0) }
        destination = withUnsafeBytes(of: key.daddr) { Address(network: $0) }
        sourcePort = UInt16(bigEndian: key.sport)
        destinationPort = UInt16(bigEndian: key.dport)
    }
}

extension DropKey.Address {
    fileprivate init(network bytes: UnsafeRawBufferPointer) {
        high = UInt64(bigEndian: bytes.loadUnaligned(fromByteOffset: 0, as: UInt64.self))
        low = UInt64(bigEndian: bytes.loadUnaligned(fromByteOffset: 8, as: UInt64.self))
    }
}
