public import Protocols

/// Names of hosts, services and programs → numbers. The language itself reads no file and asks no server.
public struct FilterNames: Sendable {
    /// Addresses of a host, of both versions of IP.
    public var hosts: @Sendable (String) -> [IPAddress] = { _ in [] }
    /// The Ethernet address of a host.
    public var ethers: @Sendable (String) -> MACAddress? = { _ in nil }
    /// The port of a service; the second argument is the protocol: "tcp".
    public var services: @Sendable (String, String) -> UInt16? = { _, _ in nil }
    /// The number of a program of Sun RPC.
    public var programs: @Sendable (String) -> UInt32? = { _ in nil }
    /// The meaning of `ip.broadcast`: the addresses of the network to all hosts.
    public var broadcasts: [IPv4Address] = [IPv4Address(bits: .max)]
    public var netmask: IPv4Address?

    public init() {}

    /// More addresses of one host are left out.
    static let addressLimit = 64
}

/// A name's values: more than one for a host with several addresses.
struct NamedValues: Equatable {
    enum Kind { case number, ipv4, ipv6, ethernet }

    var values: [UInt128]
    var kind: Kind
}

extension FilterNames {
    /// The address that a text spells: no name is involved, and every scope accepts it.
    static func address(_ text: String) -> NamedValues? {
        if let address = IPv4Address(text) { return NamedValues(values: [UInt128(address.bits)], kind: .ipv4) }
        guard text.utf8.contains(UInt8(ascii: ":")) else { return nil }
        if let address = MACAddress(text) { return NamedValues(values: [UInt128(address.bits)], kind: .ethernet) }
        return IPv6Address(text).map { NamedValues(values: [$0.bits], kind: .ipv6) }
    }

    /// The value of a name in the scope of a protocol; nil if it has no such name.
    ///
    /// - Parameter field: the field that it is compared with, if there is one.
    func value(of name: String, in kind: PacketProtocol, field: ProtocolField?) -> NamedValues? {
        switch field?.notation {
        case .ipv4: return addresses(of: name, isIPv6: false)
        case .ipv6: return addresses(of: name, isIPv6: true)
        case .ethernet: return ethers(name).map { NamedValues(values: [UInt128($0.bits)], kind: .ethernet) }
        default: break
        }
        let number: UInt128?
        switch kind.name {
        case "ip", "arp": return addresses(of: name, isIPv6: false)
        case "ip6": return addresses(of: name, isIPv6: true)
        case "ether": return ethers(name).map { NamedValues(values: [UInt128($0.bits)], kind: .ethernet) }
        case "sunrpc": number = programs(name).map { UInt128($0) }
        default: number = service(name, of: kind).map { UInt128($0) }
        }
        return number.map { NamedValues(values: [$0], kind: .number) }
    }

    private func service(_ name: String, of kind: PacketProtocol) -> UInt16? {
        let hasPorts = kind.fields.contains { $0.name == kind.name + ".dport" }
        guard hasPorts else { return nil }
        return services(name, kind.name) ?? services(name, "tcp") ?? services(name, "udp")
    }

    private func addresses(of name: String, isIPv6: Bool) -> NamedValues? {
        if !isIPv6, name == "broadcast" {
            return NamedValues(values: broadcasts.map { UInt128($0.bits) }, kind: .ipv4)
        }
        if !isIPv6, name == "netmask" { return netmask.map { NamedValues(values: [UInt128($0.bits)], kind: .ipv4) } }
        let values = hosts(name).filter { $0.isIPv6 == isIPv6 }.prefix(Self.addressLimit).map(\.bits)
        return values.isEmpty ? nil : NamedValues(values: Array(values), kind: isIPv6 ? .ipv6 : .ipv4)
    }

    /// The value of a field that announces another protocol, by the name of the latter: `ip.p == udp`.
    static func number(announcedBy field: ProtocolField, _ name: String) -> UInt128? {
        switch field.name {
        case "ip.p", "ip6.nxt", "ah.nxt", "ipcomp.nxt", "ip6.frag.nxt", "ip6.hbh.nxt", "ip6.dstopts.nxt",
            "ip6.rthdr.nxt":
            return IPProtocol.number(named: name).map { UInt128($0) }
        case "ether.type", "vlan.type", "snap.type", "gre.proto", "geneve.proto", "arp.pro":
            let numbers = ProtocolTable.named(ProtocolNames.canonical(name))?.numbers ?? []
            for case .etherType(let number) in numbers { return UInt128(number) }
            return nil
        default: return nil
        }
    }
}
