import NetfilterRules

/// Packets that a namespace has received and sent since its creation, counted before any rule sees them.
struct TrafficCounters {
    let counts: TrafficCount

    init(_ namespace: any NamespaceView) {
        let tables = ["snmp", "netstat"].compactMap(namespace.file).map(Self.table)
        let old = tables.reduce(into: [:]) { $0.merge($1) { first, _ in first } }
        let new = Self.pairs(namespace.file("snmp6") ?? "")
        let sum = { (names: [String]) -> UInt64? in
            let values = names.map { old[$0] ?? new[$0] }
            return values[0] == nil ? nil : values.reduce(0) { $0 &+ ($1 ?? 0) }
        }
        counts = TrafficCount(
            // Both families, since a table of family inet sees both.
            received: sum(["Ip:InReceives", "Ip6InReceives"]), receivedBytes: sum(["IpExt:InOctets", "Ip6InOctets"]),
            // Since 6.6, which added OutTransmits, OutRequests is counted before the hook (net/ipv4/ip_output.c,
            // __ip_local_out).
            sent: old["Ip:OutTransmits"] == nil ? nil : sum(["Ip:OutRequests", "Ip6OutRequests"]))
    }

    /// Parses /proc/net/snmp: a line of names, then a line of numbers.
    private static func table(_ text: String) -> [String: UInt64] {
        var values: [String: UInt64] = [:]
        var names: [Substring] = []
        for line in text.split(separator: "\n") {
            let words = line.split(separator: " ")
            if names.first == words.first, names.count == words.count {
                for (name, value) in zip(names, words).dropFirst() {
                    values["\(names[0])\(name)"] = UInt64(value)
                }
                names = []
            } else {
                names = words
            }
        }
        return values
    }

    private static func pairs(_ text: String) -> [String: UInt64] {
        var values: [String: UInt64] = [:]
        for line in text.split(separator: "\n") {
            let words = line.split(whereSeparator: { $0 == " " || $0 == "\t" })
            if words.count == 2 { values[String(words[0])] = UInt64(words[1]) }
        }
        return values
    }
}
