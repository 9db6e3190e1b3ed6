import CNettraceBPF

/// The key of one row of a table of round-trip times. Fields that the table does not group by are zero.
///
/// Layout: `struct nt_rtt_key`, BPF/include/nettrace_tcp.h.
public struct RoundTripKey: Hashable, Sendable {
    public var remote: NetworkAddress
    public var local: NetworkAddress
    public var remotePort: UInt16
    public var localPort: UInt16
    /// The port of the side that was connected to.
    public var service: UInt16
    /// Ethertype of the addresses; 0: none was asked for.
    public var etherType: UInt16
    /// Inode of the network namespace.
    public var netns: UInt32

    /// Reads a key. nil if `bytes` is too short for one.
    public init?(_ bytes: RawSpan) {
        guard let key = bytes.load(nt_rtt_key.self, at: 0) else { return nil }
        remote = withUnsafeBytes(of: key.remote) { NetworkAddress(network: $0) }
        local = withUnsafeBytes(of: key.local) { NetworkAddress(network: $0) }
        remotePort = UInt16(bigEndian: key.remote_port)
        localPort = UInt16(bigEndian: key.local_port)
        service = UInt16(bigEndian: key.service)
        etherType = key.protocol
        netns = key.netns
    }
}

/// The kernel's counts of one row in one interval.
///
/// Layout: `struct nt_rtt_row`, BPF/include/nettrace_tcp.h.
public struct RoundTripRow: Sendable {
    /// Microseconds.
    public var sum: UInt64
    /// Microseconds; where CPUs wrote at once, a little too large.
    public var minimum: UInt32
    /// Microseconds; where CPUs wrote at once, a little too small.
    public var maximum: UInt32
    /// How many times fell into each part, see `part(of:)`.
    public var parts: [UInt32]

    /// Reads a row. nil if `bytes` is too short for one.
    public init?(_ bytes: RawSpan) {
        let offset = MemoryLayout<nt_rtt_row>.size - Self.partCount * MemoryLayout<UInt32>.size
        guard let sum = bytes.load(UInt64.self, at: 8), let minimum = bytes.load(UInt32.self, at: 16),
            let maximum = bytes.load(UInt32.self, at: 20)
        else { return nil }
        self.sum = sum
        self.minimum = minimum
        self.maximum = maximum
        parts = []
        parts.reserveCapacity(Self.partCount)
        for index in 0..<Self.partCount {
            guard let count = bytes.load(UInt32.self, at: offset + 4 * index) else { return nil }
            parts.append(count)
        }
    }

    public static let partCount = Int(NT_RTT_PARTS)
    private static let perPower = 1 << Int(NT_RTT_PART_BITS)

    /// The part that counts a time in microseconds; rtt_part() in BPF/sockets/tcp_rtt.h.
    public static func part(of time: UInt32) -> Int {
        let exponent = max(0, UInt32.bitWidth - time.leadingZeroBitCount - Int(NT_RTT_PART_BITS) - 1)
        return exponent * perPower + Int(time >> UInt32(exponent))
    }

    /// The times that a part counts, in microseconds.
    public static func times(in part: Int) -> ClosedRange<UInt64> {
        let exponent = max(0, part / perPower - 1)
        let lower = UInt64(part - exponent * perPower) << UInt64(exponent)
        return lower...lower + (1 << UInt64(exponent)) - 1
    }
}
