/// Protocol numbers of IPv4 and next headers of IPv6 (IANA "Assigned Internet Protocol Numbers").
public enum IPProtocol {
    public static var hopByHop: UInt8 { 0 }
    public static var icmp: UInt8 { 1 }
    public static var igmp: UInt8 { 2 }
    public static var ipip: UInt8 { 4 }
    public static var tcp: UInt8 { 6 }
    public static var udp: UInt8 { 17 }
    public static var ipv6: UInt8 { 41 }
    public static var routing: UInt8 { 43 }
    public static var fragment: UInt8 { 44 }
    public static var gre: UInt8 { 47 }
    public static var esp: UInt8 { 50 }
    public static var ah: UInt8 { 51 }
    public static var icmpv6: UInt8 { 58 }
    public static var noNextHeader: UInt8 { 59 }
    public static var destinationOptions: UInt8 { 60 }
    public static var sctp: UInt8 { 132 }
    public static var mobility: UInt8 { 135 }
    public static var hostIdentity: UInt8 { 139 }
    public static var shim6: UInt8 { 140 }
    public static var udpLite: UInt8 { 136 }

    /// The common name of a protocol; nil if it has none here.
    public static func name(_ number: UInt8) -> StaticString? {
        switch number {
        case icmp: "ICMP"
        case igmp: "IGMP"
        case ipip: "IPIP"
        case tcp: "TCP"
        case 8: "EGP"
        case 12: "PUP"
        case udp: "UDP"
        case 33: "DCCP"
        case ipv6: "IPv6-in-IP"
        case 46: "RSVP"
        case gre: "GRE"
        case esp: "ESP"
        case ah: "AH"
        case icmpv6: "ICMPv6"
        case noNextHeader: "no-next-header"
        case 88: "EIGRP"
        case 89: "OSPF"
        case 94: "IPENCAP"
        case 97: "EtherIP"
        case 103: "PIM"
        case 108: "IPComp"
        case 112: "VRRP"
        case 115: "L2TP"
        case sctp: "SCTP"
        case mobility: "Mobility"
        case udpLite: "UDPLite"
        case 137: "MPLS-in-IP"
        case 143: "Ethernet-in-IP"
        default: nil
        }
    }

    /// The short lower-case name in filters (`-p`); nil if it has none here.
    public static func keyword(_ number: UInt8) -> StaticString? {
        switch number {
        case icmp: "icmp"
        case igmp: "igmp"
        case ipip: "ipip"
        case tcp: "tcp"
        case 8: "egp"
        case 12: "pup"
        case udp: "udp"
        case 33: "dccp"
        case ipv6: "ipv6-in-ip"
        case 46: "rsvp"
        case gre: "gre"
        case esp: "esp"
        case ah: "ah"
        case icmpv6: "icmp6"
        case noNextHeader: "none"
        case 88: "eigrp"
        case 89: "ospf"
        case 94: "ipencap"
        case 97: "etherip"
        case 103: "pim"
        case 108: "ipcomp"
        case 112: "vrrp"
        case 115: "l2tp"
        case sctp: "sctp"
        case mobility: "mobility"
        case udpLite: "udplite"
        case 137: "mpls-in-ip"
        case 143: "ethernet"
        default: nil
        }
    }
}
