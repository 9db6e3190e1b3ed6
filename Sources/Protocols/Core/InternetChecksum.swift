/// The checksum of IP, TCP, UDP and ICMP (RFC 1071).
public struct InternetChecksum: Sendable {
    private var sum: UInt64 = 0

    public init() {}

    /// Adds bytes; only the last ones may be odd in number.
    public mutating func add(_ bytes: RawSpan) {
        var index = 0
        while index + 1 < bytes.byteCount {
            sum &+= UInt64(bytes.u16(index) ?? 0)
            index += 2
        }
        if index < bytes.byteCount { sum &+= UInt64(bytes.u8(index) ?? 0) << 8 }
    }

    public mutating func add(_ number: UInt128) {
        for shift in stride(from: UInt128(0), to: 128, by: 16) {
            sum &+= UInt64(truncatingIfNeeded: number >> shift) & 0xffff
        }
    }

    /// The sum with the field itself in it is 0xffff; the value that the field should have follows from the rest.
    public func expected(insteadOf field: UInt16) -> UInt16 {
        var rest = InternetChecksum()
        rest.sum = sum &+ UInt64(~field)
        return ~rest.folded
    }

    /// The one's complement sum of what was added.
    public var folded: UInt16 {
        var rest = sum
        while rest > 0xffff { rest = rest >> 16 + rest & 0xffff }
        return UInt16(truncatingIfNeeded: rest)
    }

    /// Whether the field, whose bytes were added, is right.
    public var isCorrect: Bool { folded == 0xffff }
}
