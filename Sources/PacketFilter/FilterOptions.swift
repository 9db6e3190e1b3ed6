/// The packet filters of the command line as typed. Values of one option are alternatives; options combine with AND.
public struct FilterOptions: Equatable, Sendable {
    /// Addresses, networks (CIDR) or host names; each string may be a list separated by commas.
    public var sources: [String] = []
    public var destinations: [String] = []
    /// Either end matches.
    public var addresses: [String] = []
    /// Names of L3 or L4 protocols, or L4 protocol numbers.
    public var protocols: [String] = []
    /// Port numbers, ranges (8000-9000) or service names.
    public var sourcePorts: [String] = []
    public var destinationPorts: [String] = []
    /// Either end matches.
    public var ports: [String] = []
    /// Letters or names of TCP flags; all flags of one string must be set.
    public var tcpFlags: [String] = []
    /// pcap-filter(7) expressions; each must match.
    public var expressions: [String] = []
    /// Options of which none may match.
    public var excluded: [FilterOptions] = []
    /// Packets inside tunnels match, too.
    public var inner = false
    /// ICMP errors match, too, if the packet that they quote matches.
    public var quoted = false

    public init() {}

    /// All options as one pcap-filter(7) expression and long lists; nil and empty if no filter is set.
    ///
    /// May block: each part is compiled on its own, so that an error names its option, and that looks host names up.
    func parsed() throws(FilterError) -> (expression: String?, lists: FilterLists) {
        var lists = FilterLists()
        var parts = try parts(takingLists: { lists = $0 })
        for other in excluded {
            for part in try other.parts(takingLists: nil) { parts.append("not (\(part))") }
        }
        guard parts.count > 1 else { return (parts.first, lists) }
        return (parts.map { "(\($0))" }.joined(separator: " and "), lists)
    }

    /// - Parameter take: receives the lists that are looked up in maps; nil: lists of any length become part of the
    ///   expression.
    private func parts(takingLists take: ((FilterLists) -> Void)?) throws(FilterError) -> [String] {
        let shortest = take == nil ? Int.max : FilterLists.shortest
        var parts: [String] = []
        var lists = FilterLists()
        // "vlan" moves the headers for everything after it, so protocols come first and the user's expression last.
        try parts.append(clauses: Self.items(protocols, "--proto"), of: "--proto", ProtocolClause.text)
        let ends: [(FilterLists.End, String)] = [(.source, "src "), (.destination, "dst "), (.either, "")]
        for ((end, direction), (values, option)) in zip(
            ends, [(sources, "--saddr"), (destinations, "--daddr"), (addresses, "--addr")])
        {
            let items = try Self.items(values, option)
            guard items.count >= shortest else {
                try parts.append(clauses: items, of: option, AddressClause(direction: direction).text)
                continue
            }
            for item in items {
                for network in try AddressClause.networks(item, option: option) { lists.add(network, to: end) }
            }
        }
        for ((end, direction), (values, option)) in zip(
            ends, [(sourcePorts, "--sport"), (destinationPorts, "--dport"), (ports, "--port")])
        {
            let items = try Self.items(values, option)
            guard items.count >= shortest, let ranges = try Self.ranges(items, option) else {
                try parts.append(clauses: items, of: option, PortClause(direction: direction).text)
                continue
            }
            for range in ranges { lists.add(range, to: end) }
        }
        if !tcpFlags.isEmpty {
            var clauses: [String] = []
            for flags in tcpFlags { clauses.append(try TCPFlagsClause.text(flags, option: "--tcp-flags")) }
            parts.append(clauses.joined(separator: " or "))
        }
        try ProtocolClause.checkTransport(of: self, expression: parts.map { "(\($0))" }.joined(separator: " and "))
        for expression in expressions where expression.utf8.contains(where: { $0 > 0x20 }) {
            // Compiled alone first: in parentheses, "tcp) or (udp" would be accepted with another meaning.
            _ = try ClassicProgram(compiling: expression)
            parts.append(expression)
        }
        take?(lists)
        return parts
    }

    /// The alternatives of one option.
    static func items(_ values: [String], _ option: String) throws(FilterError) -> [String] {
        var items: [String] = []
        for value in values {
            for item in value.split(separator: ",", omittingEmptySubsequences: false) {
                let item = String(item.trimmingSpaces())
                guard !item.isEmpty else {
                    throw .invalidOption(
                        option: option, text: value, reason: "a value is missing",
                        advice: "separate values with single commas, as in 'a,b'")
                }
                items.append(item)
            }
        }
        return items
    }

    /// Returns nil if one of the items is a service name, whose port depends on the protocol.
    private static func ranges(_ items: [String], _ option: String) throws(FilterError) -> [ClosedRange<UInt16>]? {
        var ranges: [ClosedRange<UInt16>] = []
        for item in items {
            guard let range = try PortClause.range(item, option: option) else { return nil }
            ranges.append(range)
        }
        return ranges
    }
}

extension [String] {
    /// Appends the alternatives of one option as one part, unless there are none.
    fileprivate mutating func append(
        clauses items: [String], of option: String,
        _ makeClause: (_ item: String, _ option: String) throws(FilterError) -> String
    ) throws(FilterError) {
        var clauses: [String] = []
        for item in items { clauses.append(try makeClause(item, option)) }
        guard !clauses.isEmpty else { return }
        if clauses.count > 1 && clauses.contains("vlan") {
            throw .invalidOption(
                option: option, text: items.joined(separator: ","),
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
