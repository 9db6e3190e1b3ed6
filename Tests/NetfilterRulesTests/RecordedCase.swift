import FoundationEssentials
import NetfilterRules

/// A rule set as the tools list it, and the kernel's decision on each packet at one hook (differential/record).
struct RecordedCase: Sendable, CustomStringConvertible {
    struct Packet: Sendable {
        var name: String
        var bytes: [UInt8]
        /// nft/FAMILY/TABLE/CHAIN/HANDLE or legacy/FAMILY/TABLE/CHAIN/NUMBER of each rule whose counter grew.
        var rules: Set<String>

        var arrived: Bool { rules.contains { $0.hasPrefix("nft/inet/zz/arrived/") } }
        var passed: Bool { rules.contains { $0.hasPrefix("nft/inet/zz/passed/") } }
    }

    var name: String
    var hook: NetfilterHook
    var listings: RulesetListings
    var packets: [Packet]

    var description: String { name }

    static let folder = URL(filePath: #filePath).deletingLastPathComponent().appending(path: "Rulesets")

    /// The cases of every kernel that recordings were made on.
    static let all: [RecordedCase] = ["6.12", "6.18"].flatMap { kernel in
        let path = folder.appending(path: kernel).path()
        let files = (try? FileManager.default.contentsOfDirectory(atPath: path)) ?? []
        return files.filter { $0.hasSuffix(".txt") }.sorted().map { try! RecordedCase(kernel + "/" + $0.dropLast(4)) }
    }

    static func named(_ name: String) -> RecordedCase {
        try! RecordedCase("6.18/" + name)
    }

    private init(_ name: String) throws {
        let text = String(decoding: try Data(contentsOf: Self.folder.appending(path: name + ".txt")), as: UTF8.self)
        var sections: [String: String] = [:]
        for part in ("\n" + text).split(separator: "\n== ") {
            let lines = part.split(separator: "\n", maxSplits: 1)
            sections[String(lines[0])] = lines.count > 1 ? String(lines[1]) + "\n" : ""
        }
        self.name = name
        hook = NetfilterHook(rawValue: String(sections["case"]!.dropLast()))!
        listings = RulesetListings()
        listings.nftablesJSON = sections["nft -j"]
        listings.nftablesText = sections["nft -a"]
        listings.fibTrie = sections["fib_trie"]
        listings.interfaceAddresses6 = sections["if_inet6"]
        listings.iptablesLegacy = sections["iptables-legacy"]
        listings.ip6tablesLegacy = sections["ip6tables-legacy"]
        listings.iptablesNft = sections["iptables-nft"]
        listings.ip6tablesNft = sections["ip6tables-nft"]
        packets = sections["packets", default: ""].split(separator: "\n").map { line in
            let words = line.split(separator: " ").map(String.init)
            let digits = Array(words[1].utf8)
            let bytes = stride(from: 0, to: digits.count - 1, by: 2).map {
                UInt8(String(decoding: digits[$0...$0 + 1], as: UTF8.self), radix: 16)!
            }
            return Packet(name: words[0], bytes: bytes, rules: Set(words.dropFirst(2)))
        }
    }

    /// Before routing, connection tracking holds fragments until all have arrived.
    func isHeldBack(_ packet: Packet) -> Bool {
        packet.name.hasPrefix("frag") && hook == .prerouting
    }

    /// The packet as it is at the hook: a forwarded one has a smaller TTL.
    func crossing(_ packet: Packet, engine: RuleEngine? = nil) -> HookCrossing {
        var bytes = packet.bytes
        let isIPv6 = bytes[0] >> 4 == 6
        if hook == .forward || hook == .postrouting { bytes[isIPv6 ? 7 : 8] -= 1 }
        return HookCrossing(
            hook: hook, family: isIPv6 ? .ipv6 : .ipv4, packet: bytes,
            input: hook == .output || hook == .postrouting ? nil : "left",
            output: hook == .output ? "left" : hook == .forward || hook == .postrouting ? "right" : nil,
            engine: engine)
    }
}

extension Suspect {
    /// The rule's name in recorded cases; nil for a policy.
    var key: String? {
        guard case .rule(let rule) = culprit else { return nil }
        let chain = rule.chain
        return chain.source == .iptablesLegacy
            ? "legacy/\(chain.family)/\(chain.table)/\(chain.chain)/\(rule.number!)"
            : "nft/\(chain.family)/\(chain.table)/\(chain.chain)/\(rule.handle!)"
    }

    var isPolicy: Bool { key == nil }
}

extension Answer {
    var suspects: [Suspect] {
        switch self {
        case .culprit(let suspect): [suspect]
        case .candidates(let suspects, _), .changed(let suspects): suspects
        case .nothing: []
        }
    }

    var culprit: Suspect? {
        if case .culprit(let suspect) = self { suspect } else { nil }
    }
}
