import Diagnosis
import Netlink
import Protocols

/// A filter as `tc -s filter show` prints it.
struct TrafficFilter {
    /// Its first line, without counters.
    let head: String
    private var rest: [String] = []

    /// Parses the output of `tc filter show`: a filter begins with a line that is not indented. Lines that only open a
    /// chain are skipped.
    static func all(in text: String) -> [TrafficFilter] {
        var filters: [TrafficFilter] = []
        for line in text.split(separator: "\n") {
            if line.hasPrefix("filter") {
                filters.append(TrafficFilter(head: String(line)))
            } else if !filters.isEmpty {
                filters[filters.count - 1].rest.append(
                    line.split { $0 == " " || $0 == "\t" }.joined(separator: " "))
            }
        }
        // A classifier has one line for itself and one for each handle: only lines with a handle or actions are
        // filters.
        return filters.filter { $0.head.contains(" handle ") || $0.head.contains("fh ") || !$0.rest.isEmpty }
    }

    private init(head line: String) {
        let counters = line.firstRange(of: " not_in_hw")?.lowerBound ?? line.firstRange(of: " (rule hit")?.lowerBound
        head = String(line[..<(counters ?? line.endIndex)])
    }

    var preference: String? { head.split(separator: " ").word(after: "pref") }
    /// Parent in a qdisc with classes; nil for filters of ingress and egress.
    var parent: String? { head.split(separator: " ").word(after: "parent") }

    /// Its conditions and actions, without counters.
    var details: [String] {
        let counters = [
            "Sent ", "backlog ", "index ", "Action statistics", "random type none", "not_in_hw", "in_hw", "ref ",
        ]
        return rest.filter { line in !counters.contains { line.hasPrefix($0) } }
    }

    /// The device to which the filter redirects, such as ifb0 in "mirred (Egress Redirect to device ifb0) stolen"; nil
    /// if none.
    var target: String? {
        for line in rest {
            guard line.contains("mirred ("), let place = line.firstRange(of: "Redirect to device ") else { continue }
            return String(line[place.upperBound...].prefix { $0 != ")" && $0 != " " })
        }
        return nil
    }

    /// Whether the filter may have dropped packets. The result of a BPF program is unknown; drops of actions are
    /// counted.
    var mayDrop: Bool {
        if head.contains(" bpf ") { return true }
        return dropped != 0 && rest.contains { Self.mayDrop(action: $0) }
    }

    /// Whether a line is an action that drops, or that may: "action order 1: gact action drop", "random type determ drop
    /// val 2" (one packet in two), a policer, a BPF program.
    private static func mayDrop(action line: String) -> Bool {
        let words = line.split(separator: " ")
        let isAction = words.first == "random" || words.contains("action")
        return words.contains("police") || isAction && (words.contains("drop") || words.contains("bpf"))
    }

    /// Packets that its actions have dropped; nil if not counted.
    var dropped: Int? {
        var sum: Int?
        for line in rest {
            // Example: Sent 84 bytes 1 pkt (dropped 1, overlimits 0 requeues 0)
            guard line.hasPrefix("Sent "), let place = line.firstRange(of: "(dropped ") else { continue }
            sum = (sum ?? 0) + (Int(line[place.upperBound...].prefix { $0.isNumber }) ?? 0)
        }
        return sum
    }

    /// Whether the filter selects the packet; nil if a condition depends on something that is not known here.
    func matches(_ evidence: Evidence) -> Bool? {
        if head.contains(" bpf ") { return nil }
        var isSure = head.contains(" matchall ") || head.contains(" flower ") || head.contains(" u32 ")
        for condition in [ofProtocol(evidence)] + rest.map({ Self.condition($0, evidence) }) {
            switch condition {
            case .fails: return false
            case .unknown: isSure = false
            case .holds: continue
            }
        }
        return isSure ? true : nil
    }

    private enum Condition { case holds, fails, unknown }

    private func ofProtocol(_ evidence: Evidence) -> Condition {
        let types = ["ip": EtherType.ipv4, "ipv6": EtherType.ipv6, "arp": EtherType.arp]
        guard let name = head.split(separator: " ").word(after: "protocol"), name != "all" else { return .holds }
        guard let type = types[name] else { return .unknown }
        return Self.condition(evidence.vlans.isEmpty ? type == evidence.etherType : nil)
    }

    private static func condition(_ holds: Bool?) -> Condition {
        holds.map { $0 ? .holds : .fails } ?? .unknown
    }

    /// Evaluates a line below the first one: a key of flower, a match of u32, or text that selects no packets.
    private static func condition(_ line: String, _ evidence: Evidence) -> Condition {
        let words = line.split(separator: " ")
        guard words.count >= 2 else { return .holds }
        let value = String(words[1])
        switch words[0] {
        case "ip_proto": return condition(evidence.transport.map { $0 == value })
        case "dst_ip": return condition(isIn(value, evidence.destinationAddress))
        case "src_ip": return condition(isIn(value, evidence.sourceAddress))
        case "dst_port":
            return condition(evidence.ports.flatMap { port in UInt16(value).map { $0 == port.destination } })
        case "src_port": return condition(evidence.ports.flatMap { port in UInt16(value).map { $0 == port.source } })
        case "eth_type", "index", "Sent", "backlog", "action", "random", "Action", "used", "police", "ref":
            return .holds
        case "match" where words.count >= 4 && words[2] == "at":
            return condition(isEqual(words[1], at: Int(words[3]), in: evidence.bytes))
        default:
            return ["ip_", "tcp_", "vlan_", "ct_", "enc_", "dst_", "src_", "icmp_", "arp_", "match"].contains {
                words[0].hasPrefix($0)
            } ? .unknown : .holds
        }
    }

    private static func isIn(_ prefix: String, _ address: String?) -> Bool? {
        guard let address, let prefix = IPPrefix(text: prefix) else { return nil }
        return prefix.contains(address)
    }

    /// Compares a u32 match such as "0a000002/ffffffff" at an offset from the network header.
    private static func isEqual(_ pattern: Substring, at offset: Int?, in bytes: [UInt8]) -> Bool? {
        let parts = pattern.split(separator: "/").compactMap { UInt32($0, radix: 16) }
        guard parts.count == 2, let offset, offset >= 0, offset + 4 <= bytes.count else { return nil }
        let word = bytes[offset..<offset + 4].reduce(UInt32(0)) { $0 << 8 | UInt32($1) }
        return word & parts[1] == parts[0]
    }
}
