/// Names of IP protocols as of getprotobynumber(3), which ip(8) prints.
enum IPProtocolName {
    private static let names: [UInt8: String] = [
        1: "icmp", 2: "igmp", 4: "ipencap", 6: "tcp", 17: "udp", 41: "ipv6", 47: "gre", 50: "esp", 51: "ah",
        58: "ipv6-icmp", 89: "ospf", 103: "pim", 108: "ipcomp", 112: "vrrp", 132: "sctp", 136: "udplite",
    ]

    /// nil for protocols without a common name.
    static func text(_ number: UInt8) -> String? { names[number] }
}
