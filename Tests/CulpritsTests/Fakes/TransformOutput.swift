import Netlink

@testable import Culprits
import Protocols

/// Reads the output of ip-xfrm(8) into the values that the kernel would have answered.
enum TransformOutput {
    /// `ip xfrm policy show`: a policy begins with a line that is not indented.
    static func policies(_ text: String) -> [XfrmPolicy] {
        var all: [[Substring]] = []
        for line in text.split(separator: "\n") {
            let words = line.split(whereSeparator: \.isWhitespace)
            if line.first?.isWhitespace == true { all[all.count - 1] += words } else { all.append(words) }
        }
        return all.compactMap(policy)
    }

    private static func policy(_ words: [Substring]) -> XfrmPolicy? {
        let parts = words.split(separator: "tmpl", omittingEmptySubsequences: false)
        func word(_ key: String) -> String? { Array(parts[0]).word(after: key) }
        guard let source = word("src").flatMap({ IPPrefix(text: $0) }),
            let destination = word("dst").flatMap({ IPPrefix(text: $0) })
        else { return nil }
        var selector = XfrmSelector(source: source, destination: destination)
        selector.ipProtocol = ["tcp": 6, "udp": 17, "icmp": 1][word("proto") ?? ""] ?? 0
        if let port = word("sport").flatMap({ UInt16($0) }) {
            (selector.sourcePort, selector.sourcePortMask) = (port, .max)
        }
        if let port = word("dport").flatMap({ UInt16($0) }) {
            (selector.destinationPort, selector.destinationPortMask) = (port, .max)
        }
        selector.device = word("dev").map(Devices.index) ?? 0
        let directions: [String: XfrmPolicy.Direction] = ["in": .in, "out": .out, "fwd": .fwd]
        var policy = XfrmPolicy(selector: selector, direction: word("dir").flatMap { directions[$0] })
        policy.priority = word("priority").flatMap { UInt32($0) } ?? 0
        policy.blocks = word("action") == "block"
        policy.type = word("ptype").map { $0 == "main" ? 0 : 1 }
        let mark = word("mark")?.split(separator: "/").compactMap { UInt32($0.dropFirst(2), radix: 16) } ?? []
        if mark.count == 2 { policy.mark = XfrmMark(value: mark[0], mask: mark[1]) }
        policy.interface = word("if_id").flatMap { UInt32($0.dropFirst(2), radix: 16) }
        policy.templates = parts.dropFirst().map { template(Array($0)) }
        return policy
    }

    private static func template(_ words: [Substring]) -> XfrmTemplate {
        let ends = ["src", "dst"].map { words.word(after: $0).flatMap { IPAddress($0) } ?? .none }
        let proto: UInt8 = words.word(after: "proto") == "ah" ? 51 : 50
        guard let source = ends[0], let destination = ends[1] else { preconditionFailure("tmpl: \(words)") }
        var template = XfrmTemplate(source: source, destination: destination, ipProtocol: proto)
        template.request = words.word(after: "reqid").flatMap { UInt32($0) } ?? 0
        template.mode = words.word(after: "mode") == "tunnel" ? 1 : 0
        template.isOptional = words.word(after: "level") == "use"
        return template
    }

    /// `ip -s xfrm state show`
    static func states(_ text: String) -> [XfrmState] {
        var all: [XfrmState] = []
        var destination: IPAddress?
        for line in text.split(separator: "\n") {
            let words = line.split(whereSeparator: \.isWhitespace)
            if words.first == "src" { destination = words.word(after: "dst").flatMap { IPAddress($0) } }
            if let destination, words.first == "proto",
                let index = words.word(after: "spi").flatMap({ UInt32($0.dropFirst(2).prefix { $0 != "(" }, radix: 16) }
                )
            {
                let proto: UInt8 = words.word(after: "proto") == "ah" ? 51 : 50
                all.append(XfrmState(destination: destination, ipProtocol: proto, index: index))
            }
            // Counters; as a setting, `replay-window` has "seq" on its line.
            guard words.first == "replay-window", words.word(after: "seq") == nil, !all.isEmpty else { continue }
            func count(_ name: String) -> UInt32 { words.word(after: name).flatMap { UInt32($0) } ?? 0 }
            all[all.count - 1].refusals.replayWindow = count("replay-window")
            all[all.count - 1].refusals.replay = count("replay")
            all[all.count - 1].refusals.integrityFailed = count("failed")
        }
        return all
    }
}
