/// One packet of every kind that is decoded, from L3 (or the first VLAN tag) on.
enum PacketCorpus {
    static let packets: [(etherType: UInt16, bytes: [UInt8])] = [
        (0x0800, ipv4(6, tcp(0x12))),
        (0x0800, ipv4(6, tcp(0xff), fragment: 0x2000)),
        (0x0800, ipv4(17, udp(53, []), fragment: 185)),
        (0x0800, ipv4(1, echoRequest)),
        (0x0800, ipv4(1, [3, 4, 0, 0, 0, 0, 5, 0x78] + ipv4(6, tcp(2)))),
        (0x0800, ipv4(1, [5, 1, 0, 0, 10, 0, 0, 254] + ipv4(6, tcp(2)))),
        (0x0800, ipv4(1, [12, 0, 0, 0, 20, 0, 0, 0])),
        (0x0800, ipv4(1, [99, 7, 0, 0, 0, 0, 0, 0])),
        (0x0800, ipv4(2, [0x16, 0, 0, 0, 224, 0, 0, 1])),
        (0x0800, ipv4(4, ipv4(17, udp(53, [])))),
        (0x0800, ipv4(41, ipv6(6, tcp(2)))),
        (0x0800, ipv4(47, [0x30, 0, 8, 0, 0, 0, 0, 5, 0, 0, 0, 6] + ipv4(1, echoRequest))),
        (0x0800, ipv4(47, [0, 0, 0x65, 0x58] + frame(8, 0) + ipv4(1, echoRequest))),
        (0x0800, ipv4(50, [0, 0, 1, 0, 0, 0, 0, 7])),
        (0x0800, ipv4(51, [6, 4, 0, 0, 0, 0, 0, 9, 0, 0, 0, 3] + zeros(12) + tcp(2))),
        (0x0800, ipv4(132, [0, 1, 0, 2, 0, 0, 0, 9, 0, 0, 0, 0, 1, 0])),
        (0x0800, ipv4(200, [])),
        (0x0800, ipv4(17, udp(4789, [8, 0, 0, 0, 0, 0, 42, 0] + frame(0x81, 0) + [0, 7, 8, 0] + ipv4(6, tcp(2))))),
        (0x0800, ipv4(17, udp(6081, [1, 0, 0x65, 0x58, 0, 0, 42, 0, 1, 2, 3, 4] + frame(0x86, 0xdd) + ipv6(59, [])))),
        (0x86dd, ipv6(6, tcp(2))),
        (0x86dd, ipv6(0, [60, 0, 5, 2, 0, 0, 1, 0] + [17, 0, 1, 4, 0, 0, 0, 0] + udp(53, []))),
        (0x86dd, ipv6(44, [17, 0, 0, 1, 0, 0, 0, 42] + udp(53, []))),
        (0x86dd, ipv6(51, [6, 4, 0, 0, 0, 0, 0, 9, 0, 0, 0, 3] + zeros(12) + tcp(2))),
        (0x86dd, ipv6(58, [2, 0, 0, 0, 0, 0, 5, 0] + ipv6(17, udp(53, [])))),
        (0x86dd, ipv6(58, [4, 0, 0, 0, 0, 0, 0, 6])),
        (0x86dd, ipv6(58, [135, 0, 0, 0, 0, 0, 0, 0] + zeros(16))),
        (0x86dd, ipv6(58, [131, 0, 0, 0, 0, 0, 0, 0] + zeros(16))),
        (0x0806, [0, 1, 8, 0, 6, 4, 0, 1] + zeros(20)),
        (0x8035, [0, 1, 8, 0, 6, 4, 0, 4] + zeros(20)),
        (0x8100, [0x60, 7, 0x88, 0xa8, 0, 8, 8, 0] + ipv4(1, echoRequest)),
        (0x88cc, [2, 7, 4]),
        (0, [0x45]),
    ]

    private static func zeros(_ count: Int) -> [UInt8] {
        [UInt8](repeating: 0, count: count)
    }

    /// An Ethernet header with the given type.
    private static func frame(_ high: UInt8, _ low: UInt8) -> [UInt8] {
        [2, 0, 0, 0, 0, 3, 2, 0, 0, 0, 0, 4, high, low]
    }
}

/// A deterministic generator (SplitMix64), so that a failure can be repeated.
struct SplitMix: RandomNumberGenerator {
    var state: UInt64

    mutating func next() -> UInt64 {
        state &+= 0x9e37_79b9_7f4a_7c15
        var mixed = state
        mixed = (mixed ^ mixed >> 30) &* 0xbf58_476d_1ce4_e5b9
        mixed = (mixed ^ mixed >> 27) &* 0x94d0_49bb_1331_11eb
        return mixed ^ mixed >> 31
    }
}
