import Protocols

/// A parsed policy rule: the packets that it selects, and its action.
struct RuleSelector {
    private(set) var table: String?
    /// "prohibit", "nop", …; nil if the rule selects a table.
    private(set) var action: String?
    /// Routes with a prefix of at most this many bits do not count.
    private(set) var suppressedLength = -1
    private var isInverted = false
    /// The selector words with their values.
    private var wanted: [(word: String, value: String)] = []
    /// Whether the rule has a word that is not known here.
    private var isStrange = false

    /// - Parameter rule: a line of `ip rule show`.
    init(rule: String) {
        // The number before the colon is the rule's preference.
        var rest = rule.drop { $0 != ":" }.dropFirst().split { $0 == " " || $0 == "\t" }.map { String($0) }[...]
        while let word = rest.popFirst() {
            switch word {
            case "not": isInverted = true
            case "from", "to", "iif", "oif", "fwmark", "ipproto", "sport", "dport", "tos":
                wanted.append((word, rest.popFirst() ?? ""))
            case "lookup", "table":
                table = rest.popFirst()
                // "[l3mdev-table]" is the table of the VRF to which the packet's device belongs.
                if table?.hasPrefix("[") == true { isStrange = true }
            case "suppress_prefixlength": suppressedLength = rest.popFirst().flatMap { Int($0) } ?? -1
            case "proto", "protocol": _ = rest.popFirst()
            case "blackhole", "unreachable", "prohibit", "nop": action = word
            default: isStrange = true
            }
        }
    }

    /// Returns nil if the packet's fields do not decide it.
    func matches(_ flow: RoutedFlow) -> Bool? {
        if isStrange { return nil }
        var isSure = true
        for (word, value) in wanted {
            switch fits(word, value, flow) {
            case true?: continue
            case false?: return isInverted
            case nil: isSure = false
            }
        }
        return isSure ? !isInverted : nil
    }

    private func fits(_ word: String, _ value: String, _ flow: RoutedFlow) -> Bool? {
        switch word {
        case "from" where value == "all", "to" where value == "all": return true
        // A packet made here may have got its source address from this very lookup.
        case "from": return flow.isSourceGiven ? contains(value, flow.source) : nil
        case "to": return contains(value, flow.destination)
        case "iif": return value == flow.inDevice ?? "lo"
        case "oif": return flow.isSourceGiven ? value == flow.outDevice : nil
        case "fwmark": return flow.mark.flatMap { mark(value, $0) }
        case "ipproto": return flow.transport.map { $0 == value }
        case "sport": return flow.ports.flatMap { range(value, $0.source) }
        case "dport": return flow.ports.flatMap { range(value, $0.destination) }
        default: return nil
        }
    }

    private func contains(_ prefix: String, _ address: String?) -> Bool? {
        guard let address, let prefix = Prefix(route: prefix) else { return nil }
        return prefix.contains(address)
    }

    /// Parses "0x1" or "0x1/0xff".
    private func mark(_ value: String, _ mark: UInt32) -> Bool? {
        let parts = value.split(separator: "/").map { text in
            text.hasPrefix("0x") ? UInt32(text.dropFirst(2), radix: 16) : UInt32(text)
        }
        guard let first = parts.first, let wanted = first else { return nil }
        guard parts.count > 1 else { return mark == wanted }
        return parts[1].map { mark & $0 == wanted & $0 }
    }

    /// Parses "53" or "1000-2000".
    private func range(_ value: String, _ port: UInt16) -> Bool? {
        let ends = value.split(separator: "-").compactMap { UInt16($0) }
        guard let first = ends.first, let last = ends.last, first <= last else { return nil }
        return first...last ~= port
    }
}
