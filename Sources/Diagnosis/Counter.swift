import Tracers

/// A counter of the kernel that goes up with losses, or with normal work: what it counts, and how to see it happen.
public struct Counter: Sendable, Equatable {
    /// Names, in which `*` stands for any characters: as nstat(8) spells them, with the protocol in front.
    public let names: [String]
    /// Which command or file shows it.
    public let source: String
    public let meaning: String
    /// Slugs of what it may stand for, the likeliest first; none: it counts no loss.
    public let causes: [String]
    /// A command that shows the packets; nil: they never reach the kernel.
    public let trace: String?

    /// What nstat(8) puts in front of the names of /proc/net/snmp and /proc/net/netstat.
    private static let protocols = [
        "TcpExt", "IpExt", "MPTcpExt", "UdpLite6", "UdpLite", "Icmp6", "Udp6", "Ip6", "Icmp", "Ip", "Tcp", "Udp",
    ]
    /// A pattern with fewer letters of its own is a family's, which says nothing of a name without its protocol.
    private static let tellingLetters = 6

    /// Names without patterns, in full and without the protocol in front.
    var words: [String] {
        names.filter { !$0.contains("*") }.flatMap { name in
            let protocolName = Self.protocols.first { name.hasPrefix($0) && name.count > $0.count }
            return [name] + (protocolName.map { [String(name.dropFirst($0.count))] } ?? [])
        }
    }

    func isNamed(_ name: String) -> Bool {
        names.contains { Glob($0.lowercased()).matches(name) }
    }

    /// - Parameter name: in lower case, without the protocol.
    func isNamedWithoutProtocol(_ name: String) -> Bool {
        names.contains { pattern in
            Self.protocols.contains { word in
                guard pattern.hasPrefix(word) else { return false }
                let rest = pattern.dropFirst(word.count)
                let letters = rest.count { $0 != "*" }
                guard !rest.contains("*") || letters >= Self.tellingLetters else { return false }
                return Glob(rest.lowercased()).matches(name)
            }
        }
    }
}

extension CauseCatalog {
    /// Counters of that name, with or without the protocol in front: `TcpExtListenDrops`, `ListenDrops`, `rx_dropped`.
    public func counters(named name: String) -> [Counter] {
        let wanted = name.lowercased()
        if let exact = counters.first(where: { $0.isNamed(wanted) }) { return [exact] }
        return counters.filter { $0.isNamedWithoutProtocol(wanted) }
    }
}
