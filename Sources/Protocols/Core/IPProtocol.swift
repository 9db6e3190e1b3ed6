/// Protocol numbers of IPv4 and next headers of IPv6 (IANA "Assigned Internet Protocol Numbers").
public enum IPProtocol {
    public static var hopByHop: UInt8 { 0 }
    public static var icmp: UInt8 { 1 }
    public static var igmp: UInt8 { 2 }
    public static var ipip: UInt8 { 4 }
    @inlinable public static var tcp: UInt8 { 6 }
    @inlinable public static var udp: UInt8 { 17 }
    public static var ipv6: UInt8 { 41 }
    public static var routing: UInt8 { 43 }
    public static var fragment: UInt8 { 44 }
    public static var gre: UInt8 { 47 }
    public static var esp: UInt8 { 50 }
    public static var ah: UInt8 { 51 }
    public static var icmpv6: UInt8 { 58 }
    public static var noNextHeader: UInt8 { 59 }
    public static var destinationOptions: UInt8 { 60 }
    @inlinable public static var sctp: UInt8 { 132 }
    public static var mobility: UInt8 { 135 }
    public static var hostIdentity: UInt8 { 139 }
    public static var shim6: UInt8 { 140 }
    @inlinable public static var udpLite: UInt8 { 136 }
    @inlinable public static var dccp: UInt8 { 33 }
    public static var ipComp: UInt8 { 108 }
    public static var mpls: UInt8 { 137 }

    /// Those whose header begins with a source and a destination port.
    @inlinable
    public static func hasPorts(_ number: UInt8) -> Bool {
        switch number {
        case tcp, udp, dccp, sctp, udpLite: true
        default: false
        }
    }

    public static let withPorts = (UInt8.min...UInt8.max).filter(hasPorts)

    /// The common name of a protocol; nil if it has none here.
    public static func name(_ number: UInt8) -> StaticString? { names(number)?.title }

    /// The short lower-case name in filters (`-p`); nil if it has none here.
    public static func keyword(_ number: UInt8) -> StaticString? { names(number)?.keyword }

    private static func names(_ number: UInt8) -> (title: StaticString, keyword: StaticString)? {
        switch number {
        case icmp: ("ICMP", "icmp")
        case igmp: ("IGMP", "igmp")
        case ipip: ("IPIP", "ipip")
        case tcp: ("TCP", "tcp")
        case 8: ("EGP", "egp")
        case 12: ("PUP", "pup")
        case udp: ("UDP", "udp")
        case dccp: ("DCCP", "dccp")
        case ipv6: ("IPv6-in-IP", "ipv6-in-ip")
        case 46: ("RSVP", "rsvp")
        case gre: ("GRE", "gre")
        case esp: ("ESP", "esp")
        case ah: ("AH", "ah")
        case icmpv6: ("ICMPv6", "icmp6")
        case noNextHeader: ("no-next-header", "none")
        case 88: ("EIGRP", "eigrp")
        case 89: ("OSPF", "ospf")
        case 94: ("IPENCAP", "ipencap")
        case 97: ("EtherIP", "etherip")
        case 103: ("PIM", "pim")
        case ipComp: ("IPComp", "ipcomp")
        case 112: ("VRRP", "vrrp")
        case 115: ("L2TP", "l2tp")
        case sctp: ("SCTP", "sctp")
        case mobility: ("Mobility", "mobility")
        case udpLite: ("UDPLite", "udplite")
        case mpls: ("MPLS-in-IP", "mpls-in-ip")
        case 143: ("Ethernet-in-IP", "ethernet")
        default: nil
        }
    }

    /// The number of a protocol by its keyword or by one of its other names (/etc/protocols, nft, iptables).
    public static func number(named name: some StringProtocol) -> UInt8? { numbers[String(name)] }

    /// All names. Where a keyword here is another protocol's name in /etc/protocols, the latter counts.
    public static let numbers: [String: UInt8] = {
        var numbers = otherNames
        for number in UInt8.min...UInt8.max {
            guard let keyword = keyword(number)?.description, numbers[keyword] == nil else { continue }
            numbers[keyword] = number
        }
        return numbers
    }()

    private static let otherNames: [String: UInt8] = [
        "hopopt": hopByHop, "ipencap": ipip, "ipv4": ipip, "igp": 9, "ipv6": ipv6, "6in4": ipv6, "sit": ipv6,
        "ipv6-route": routing, "ipv6-frag": fragment, "ipv6-crypt": esp, "ipv6-auth": ah, "icmpv6": icmpv6,
        "ipv6-icmp": icmpv6, "ipv6-nonxt": noNextHeader, "no-next": noNextHeader, "ipv6-opts": destinationOptions,
        "encap": 98, "comp": ipComp, "carp": 112, "mh": mobility, "mobility-header": mobility,
    ]
}
