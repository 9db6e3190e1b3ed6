/// All protocols. A new protocol is a file of its own and its name in this list.
public enum ProtocolTable {
    public static let all: [PacketProtocol] = [
        .ethernet, .loopback, .sll, .sll2, .netlink, .netlinkMessage, .radiotap, .vlan, .llc, .snap, .stp, .pppoe, .ppp,
        .mpls, .lldp, .cdp, .lacp, .eapol, .arp,
        .ipv4, .ipv6, .hopByHop, .routing, .fragment, .destinationOptions, .mobility, .hostIdentity, .shim6,
        .icmp, .icmpv6, .igmp,
        .tcp, .tcpAnalysis, .udp, .udpLite, .sctp, .dccp,
        .ah, .esp, .ipComp, .gre, .erspan, .vxlan, .vxlanGPE, .geneve, .gtp, .wireGuard, .l2tp, .l2tp3,
        .ospf, .bgp, .vrrp, .pim, .rip,
        .dns, .mdns, .llmnr, .dnsMark, .dhcp, .dhcp6, .ntp, .snmp, .syslog, .tftp, .ssh,
        .ftp, .smtp, .pop, .imap,
        .http, .http2, .webSocket, .tls, .quic, .quicShort,
        .recordMark, .sunrpc, .portMapper, .mount, .nfs, .nlm, .smbMark, .smb2,
        .memcached, .redis, .mysql, .postgresql,
    ]

    /// Places in `all` by the numbers that announce a protocol.
    private static let places = ProtocolPlaces(all)

    private static let fields: [String: (place: Int, field: Int)] = {
        var fields: [String: (place: Int, field: Int)] = [:]
        for (place, known) in all.enumerated() {
            for (index, field) in known.fields.enumerated() { fields[field.name] = (place, index) }
        }
        return fields
    }()

    /// The place of the first protocol that a number announces and that recognises the bytes.
    static func place(of number: ProtocolNumber, _ header: borrowing HeaderBytes) -> Int? {
        places.first(number) { all[$0].recognises(header) }
    }

    /// The protocol that a number announces, the first one of several; nil for data.
    public static func find(_ number: ProtocolNumber) -> PacketProtocol? {
        places.first(number) { _ in true }.map { all[$0] }
    }

    public static func named(_ name: String) -> PacketProtocol? { all.first { $0.name == name } }

    /// The place in `all` of the protocol of this name.
    public static func place(named name: String) -> Int? { all.firstIndex { $0.name == name } }

    /// Whether the protocol at a place begins the packet of a network.
    public static func isNetwork(_ place: Int) -> Bool { all[place].base == .network }

    /// The field of a complete name ("tcp.flags.syn") and its protocol.
    public static func field(_ name: String) -> (protocol: PacketProtocol, field: ProtocolField)? {
        fields[name].map { (all[$0.place], all[$0.place].fields[$0.field]) }
    }

    /// The value of a field in the header at an offset; nil if the header does not have it or it was not captured.
    public static func number(_ name: String, in bytes: RawSpan, at offset: Int = 0) -> UInt128? {
        guard offset <= bytes.byteCount else { return nil }
        return place(ofField: name)?.field.read(HeaderBytes(bytes, from: offset, length: bytes.byteCount - offset))
            .number
    }

    /// The place in `all` of a field's protocol, and the field.
    static func place(ofField name: String) -> (place: Int, field: ProtocolField)? {
        fields[name].map { ($0.place, all[$0.place].fields[$0.field]) }
    }
}
