import Diagnosis
import Netlink
import PacketDecoding

/// An IPsec policy as `ip xfrm policy show` prints it.
struct TransformPolicy {
    /// The whole policy on one line.
    let text: String
    /// The words before the first template.
    private let words: [Substring]
    private let templates: [[Substring]]

    /// Parses the listing: a policy begins with a line that is not indented; indented lines belong to it.
    static func list(_ text: String) -> [TransformPolicy] {
        var policies: [String] = []
        for line in text.split(separator: "\n") {
            let words = line.split { $0 == " " || $0 == "\t" }.joined(separator: " ")
            if line.first?.isWhitespace == true, !policies.isEmpty {
                policies[policies.count - 1] += " " + words
            } else {
                policies.append(words)
            }
        }
        return policies.map(TransformPolicy.init)
    }

    private init(_ text: String) {
        self.text = text
        let parts = text.split(separator: " ").split(separator: "tmpl", omittingEmptySubsequences: false)
        words = parts.first.map(Array.init) ?? []
        templates = parts.dropFirst().map(Array.init)
    }

    /// "in", "fwd" or "out".
    var direction: String? { words.word(after: "dir") }
    var priority: Int { words.word(after: "priority").flatMap { Int($0) } ?? 0 }
    var blocks: Bool { words.word(after: "action") == "block" }
    /// A template with the level `use` may stay unused.
    var wantsProtection: Bool { templates.contains { !Self.isOptional($0) } }

    /// The policy applies only to certain marks, devices or interfaces, which the evidence does not contain.
    var isConditional: Bool { ["mark", "if_id", "dev"].contains { words.contains(Substring($0)) } }

    /// Names as of getprotobynumber(3).
    private static let protocols: [UInt8: String] = [
        1: "icmp", 6: "tcp", 17: "udp", 47: "gre", 58: "ipv6-icmp", 132: "sctp",
    ]

    private static func isOptional(_ template: [Substring]) -> Bool {
        zip(template, template.dropFirst()).contains { $0 == "level" && $1 == "use" }
    }

    var culprit: Culprit {
        Culprit(
            kind: "xfrm-policy", name: text,
            details: blocks ? [] : [demand], values: ["rule": selector],
            remedies: [Cause.Step(command: "ip xfrm policy delete {rule}", note: "remove the policy, if it is stale")])
    }

    private var demand: String {
        direction == "out"
            ? "it wants the packet protected, and no association does it"
            : "it wants the packet protected; it came in clear, or by an association that the policy does not mean"
    }

    /// The arguments by which `ip xfrm policy delete` finds the policy.
    private var selector: String {
        var chosen: [Substring] = []
        let keys: Set<Substring> = ["src", "dst", "dev", "proto", "sport", "dport", "type", "code", "dir", "if_id"]
        for (key, value) in zip(words, words.dropFirst()) where keys.contains(key) { chosen += [key, value] }
        if let mark = words.word(after: "mark") { chosen += ["mark", Substring(mark)] }
        return chosen.joined(separator: " ")
    }

    /// Whether its selector covers the packet. Ports that were not captured count as different.
    func covers(_ evidence: Evidence) -> Bool {
        guard let source = evidence.sourceAddress, let destination = evidence.destinationAddress,
            isIn("src", source), isIn("dst", destination)
        else { return false }
        if let proto = words.word(after: "proto") {
            guard let number = evidence.packet?.headers.proto, proto == Self.protocols[number] ?? String(number) else {
                return false
            }
        }
        return isEqual("sport", evidence.ports?.source) && isEqual("dport", evidence.ports?.destination)
    }

    private func isIn(_ key: String, _ address: String) -> Bool {
        words.word(after: key).flatMap { IPPrefix(text: $0) }?.contains(address) ?? true
    }

    private func isEqual(_ key: String, _ port: UInt16?) -> Bool {
        guard let wanted = words.word(after: key) else { return true }
        return port.map { String($0) == wanted } ?? false
    }
}
