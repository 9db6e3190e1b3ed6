/// The packet filters of the command line, as typed. Values of one option are alternatives, options combine with AND.
public struct FilterOptions: Equatable, Sendable {
    /// Addresses, networks (CIDR) or host names; each string may be a list separated by commas.
    public var sources: [String] = []
    public var destinations: [String] = []
    /// Either end.
    public var addresses: [String] = []
    /// Names of L3 or L4 protocols, or L4 protocol numbers.
    public var protocols: [String] = []
    /// Port numbers, ranges (8000-9000) or service names.
    public var sourcePorts: [String] = []
    public var destinationPorts: [String] = []
    /// Either end.
    public var ports: [String] = []
    /// Letters of TCP flags that must all be set.
    public var tcpFlags: String?
    /// A pcap-filter(7) expression.
    public var expression: String?

    public init() {}

    /// All options as one pcap-filter(7) expression; nil when they ask for nothing.
    ///
    /// May block: each part is compiled on its own, so that an error names the option it came from, and host names
    /// are looked up for that.
    public func expressionText() throws(FilterError) -> String? {
        var parts: [String] = []
        // "vlan" moves the headers for everything behind it, so protocols come first and the user's expression last.
        try parts.append(clauses: protocols, of: "--proto", ProtocolClause.text)
        try parts.append(clauses: sources, of: "--saddr", AddressClause(direction: "src ").text)
        try parts.append(clauses: destinations, of: "--daddr", AddressClause(direction: "dst ").text)
        try parts.append(clauses: addresses, of: "--addr", AddressClause(direction: "").text)
        try parts.append(clauses: sourcePorts, of: "--sport", PortClause(direction: "src ").text)
        try parts.append(clauses: destinationPorts, of: "--dport", PortClause(direction: "dst ").text)
        try parts.append(clauses: ports, of: "--port", PortClause(direction: "").text)
        if let tcpFlags {
            parts.append(try TCPFlagsClause.text(tcpFlags, option: "--tcp-flags"))
        }
        if let expression, expression.utf8.contains(where: { $0 > 0x20 }) {
            // Alone first: in parentheses, "tcp) or (udp" would be accepted and mean something else.
            _ = try ClassicProgram(compiling: expression)
            parts.append(expression)
        }
        guard parts.count > 1 else { return parts.first }
        return parts.map { "(\($0))" }.joined(separator: " and ")
    }
}

extension [String] {
    /// Appends the alternatives of one option as one part, unless there are none.
    fileprivate mutating func append(
        clauses values: [String], of option: String,
        _ makeClause: (_ item: String, _ option: String) throws(FilterError) -> String
    ) throws(FilterError) {
        var clauses: [String] = []
        for value in values {
            for item in value.split(separator: ",", omittingEmptySubsequences: false) {
                let item = String(item.trimmingSpaces())
                guard !item.isEmpty else {
                    throw .invalidOption(
                        option: option, text: value, reason: "a value is missing",
                        advice: "separate values with single commas, as in 'a,b'")
                }
                clauses.append(try makeClause(item, option))
            }
        }
        guard !clauses.isEmpty else { return }
        if clauses.count > 1 && clauses.contains("vlan") {
            throw .invalidOption(
                option: option, text: values.joined(separator: ","),
                reason: "a VLAN tag moves all headers behind it, so 'vlan' cannot be one of several alternatives",
                advice: "use 'vlan' alone, or write an expression such as 'arp or (vlan and ip)'")
        }
        append(clauses.joined(separator: " or "))
    }
}

extension Substring {
    fileprivate func trimmingSpaces() -> Substring {
        var rest = self.drop { $0 == " " }
        while rest.last == " " { rest.removeLast() }
        return rest
    }
}
