import Protocols

/// --proto: the name of an L3 or L4 protocol, or the number of an L4 protocol.
enum ProtocolClause {
    static func text(_ item: String, option: String) throws(FilterError) -> String {
        let name = item.lowercased()
        if let clause = keywords[name] { return clause }
        if let number = IPProtocol.number(named: name) { return "proto \(number)" }
        if name.utf8.allSatisfy({ 0x30...0x39 ~= $0 }) {
            guard let number = UInt8(name) else {
                throw .invalidOption(
                    option: option, text: item, reason: "IP protocol numbers end at 255",
                    advice: "for an ethertype write an expression such as 'ether proto 0x88cc'")
            }
            return "proto \(number)"
        }
        let isName = name.utf8.allSatisfy { 0x30...0x39 ~= $0 || 0x61...0x7a ~= $0 || "-._+".utf8.contains($0) }
        if isName, let clause = listedInProtocols(item) ?? listedInProtocols(name) { return clause }
        throw .invalidOption(
            option: option, text: item, reason: "no protocol of this name is known here or in /etc/protocols",
            advice: "use a name such as ip, ip6, arp, tcp, udp, icmp, icmp6, sctp or gre, or an IP protocol number")
    }

    /// Refuses protocols without ports together with port options: libpcap accepts `icmp and port 80`, which never
    /// matches.
    ///
    /// - Parameter expression: the options as an expression, for the error.
    static func checkTransport(of options: FilterOptions, expression: String) throws(FilterError) {
        let named = options.protocols.flatMap { $0.split(separator: ",") }.map { $0.filter { $0 != " " }.lowercased() }
        guard !named.isEmpty else { return }
        let hasPorts = ![options.sourcePorts, options.destinationPorts, options.ports].allSatisfy(\.isEmpty)
        let isOther = { (name: String) in portless.contains(name) || ["udp", "17", "sctp", "132"].contains(name) }
        let contradicts =
            hasPorts && named.allSatisfy(portless.contains) || !options.tcpFlags.isEmpty && named.allSatisfy(isOther)
        if contradicts { throw .contradiction(expression: expression) }
    }

    /// Protocols whose packets have no ports: names, and numbers. Ports may follow the extension headers of IPv6.
    private static let portless: Set<String> = {
        var names: Set = ["arp", "rarp", "lldp", "mpls", "icmpv4"]
        for (name, number) in IPProtocol.numbers where !IPProtocol.hasPorts(number) && !isNetwork(name) {
            if number != IPProtocol.ah, ExtensionHeaderSet.all.contains(number) { continue }
            names.formUnion([name, String(number)])
        }
        return names
    }()

    /// Whether a name means the network protocol here, not a tunnel.
    private static func isNetwork(_ name: String) -> Bool { ["ip", "ip6"].contains(keywords[name]) }

    private static func listedInProtocols(_ name: String) -> String? {
        let clause = "proto \\\(name)"
        return ClassicProgram.canCompile(clause) ? clause : nil
    }

    /// Names with their own clause: L3 protocols, and L4 protocols that exist for one version of IP only or that
    /// libpcap also finds after an IPv6 fragment header.
    private static let keywords = [
        "ip": "ip", "ipv4": "ip", "ip4": "ip", "ipv6": "ip6", "ip6": "ip6",
        "arp": "arp", "rarp": "rarp", "vlan": "vlan", "lldp": "ether proto 0x88cc", "mpls": "ether proto 0x8847",
        "tcp": "tcp", "udp": "udp", "sctp": "sctp", "icmp": "icmp", "icmpv4": "icmp",
        "icmp6": "icmp6", "icmpv6": "icmp6", "ipv6-icmp": "icmp6", "igmp": "igmp",
    ]
}
