internal import CLibPCap

/// The packet filters of iptrace: what its flags select, as one pcap-filter(7) expression. Flags combine with AND.
public struct ConversationFilter: Equatable, Sendable {
    /// -s: addresses, networks or names of hosts; alternatives.
    public var sources: [String] = []
    /// -d.
    public var destinations: [String] = []
    /// -b: the other direction of -s and -d matches, too.
    public var isBidirectional = false
    /// -P: lists of names of /etc/protocols, and numbers.
    public var protocols: [String] = []
    /// -p: lists of names of /etc/services, and numbers or ranges; either end.
    public var ports: [String] = []
    /// -a.
    public var withoutARP = false
    /// A further expression.
    public var expression: String?

    public init() {}

    /// The expression; nil if every packet matches. May block: names of hosts are looked up.
    public func text() throws(FilterError) -> String? {
        var parts: [String] = []
        if withoutARP { parts.append("not arp") }
        if !protocols.isEmpty { parts.append(try Self.clause(protocols: FilterOptions.items(protocols, "-P"))) }
        if !ports.isEmpty {
            var clauses: [String] = []
            for item in try FilterOptions.items(ports, "-p") {
                clauses.append(try PortClause(direction: "").text(item, option: "-p"))
            }
            parts.append(clauses.joined(separator: " or "))
        }
        if let hosts = try hosts() { parts.append(hosts) }
        if let expression { parts.append(try Self.checked(expression)) }
        guard parts.count > 1 else { return parts.first }
        return parts.map { "(\($0))" }.joined(separator: " and ")
    }

    private func hosts() throws(FilterError) -> String? {
        let ends = [(sources, "-s"), (destinations, "-d")]
        /// - Parameter directions: those of -s and of -d.
        func text(_ directions: [String]) throws(FilterError) -> String? {
            var parts: [String] = []
            for ((hosts, option), direction) in zip(ends, directions) where !hosts.isEmpty {
                var clauses: [String] = []
                for host in try FilterOptions.items(hosts, option) {
                    clauses.append(try AddressClause(direction: direction).text(host, option: option))
                }
                parts.append("(\(clauses.joined(separator: " or ")))")
            }
            return parts.isEmpty ? nil : parts.joined(separator: " and ")
        }
        guard let there = try text(["src ", "dst "]) else { return nil }
        guard isBidirectional, let back = try text(["dst ", "src "]) else { return there }
        return "(\(there)) or (\(back))"
    }

    /// Packets of these protocols. In IPv6, the protocol may follow up to two extension headers.
    private static func clause(protocols items: [String]) throws(FilterError) -> String {
        var numbers: [Int32] = []
        var clauses: [String] = []
        for item in items {
            // "ip" is listed as a pseudo protocol with the number 0.
            let isNumber = item.utf8.allSatisfy { 0x30...0x39 ~= $0 }
            let number = isNumber ? Int32(item) ?? -1 : item == "ip" ? -1 : clibpcap_protocol(item)
            if 0...255 ~= number {
                numbers.append(number)
            } else {
                clauses.append(try ProtocolClause.text(item, option: "-P"))
            }
        }
        guard !numbers.isEmpty else { return clauses.joined(separator: " or ") }
        clauses += numbers.map { "ip proto \($0) or ip6 proto \($0)" }
        let second = "ip6[48 + ip6[41] * 8]"
        func isExtension(_ byte: String) -> String {
            "(" + extensionHeaders.map { "\(byte) = \($0)" }.joined(separator: " or ") + ")"
        }
        func isWanted(_ byte: String) -> String { numbers.map { "\(byte) = \($0)" }.joined(separator: " or ") }
        clauses.append(
            "\(isExtension("ip6[6]")) and (\(isWanted("ip6[40]")) or \(isExtension("ip6[40]")) and (\(isWanted(second))))"
        )
        return clauses.map { "(\($0))" }.joined(separator: " or ")
    }

    /// Hop-by-hop options, routing, fragment, destination options: their second byte is their length in units of 8 bytes,
    /// without the first 8 (in a fragment header it is 0).
    private static let extensionHeaders = [0, 43, 44, 60]

    private static func checked(_ expression: String) throws(FilterError) -> String {
        let words = expression.split { !($0.isLetter || $0.isNumber || $0 == "_") }
        guard !words.contains("vlan") else {
            throw .unsupported(
                expression: expression,
                reason: "the kernel keeps VLAN tags beside the packet, where 'vlan' does not look")
        }
        // Compiled alone first: in parentheses, "tcp) or (udp" would be accepted with another meaning.
        _ = try ClassicProgram(compiling: expression)
        return expression
    }
}
