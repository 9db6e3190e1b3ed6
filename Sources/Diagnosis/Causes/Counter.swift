import Tracers

/// A kernel counter that increases with losses or in normal operation: its meaning, and a way to see the packets.
public struct Counter: Sendable, Equatable {
    /// Names as nstat(8) spells them, with the protocol as prefix; `*` stands for any characters.
    public let names: [String]
    /// The command or file that shows it.
    public let source: String
    public let meaning: String
    /// Slugs of possible causes, the most likely first; empty if it counts no loss.
    public let causes: [String]
    /// A command that shows the packets; nil if they never reach the kernel.
    public let trace: String?

    /// Prefixes that nstat(8) adds to the names of /proc/net/snmp and /proc/net/netstat.
    private static let protocols = [
        "TcpExt", "IpExt", "MPTcpExt", "UdpLite6", "UdpLite", "Icmp6", "Udp6", "Ip6", "Icmp", "Ip", "Tcp", "Udp",
    ]
    /// Minimum number of letters in a pattern without its prefix: a shorter one would match unrelated names.
    private static let tellingLetters = 6

    /// Names without `*`, each in full and without its protocol.
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
    /// Counters with a name, with or without the protocol as prefix: `TcpExtListenDrops`, `ListenDrops`, `rx_dropped`.
    public func counters(named name: String) -> [Counter] {
        let wanted = name.lowercased()
        if let exact = counters.first(where: { $0.isNamed(wanted) }) { return [exact] }
        return counters.filter { $0.isNamedWithoutProtocol(wanted) }
    }
}
