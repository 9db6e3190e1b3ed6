import NetfilterRules
import Testing

/// Parsing of the tools' output: names, texts, and everything that may be wrong with it.
struct ListingTests {
    @Test func `A rule of nft has its handle and the text that nft shows`() throws {
        let recorded = RecordedCase.named("drop-port")
        let packet = try #require(recorded.packets.first { $0.name == "tcp22-syn" })
        let found = try Ruleset(recorded.listings).culprit(of: recorded.crossing(packet))
        guard case .rule(let rule)? = found.culprit?.culprit else {
            Issue.record("no rule")
            return
        }
        #expect(rule.text.hasPrefix("tcp dport 22 counter packets"))
        #expect(rule.text.hasSuffix(" drop"))
        #expect(rule.deleteCommand == "nft delete rule inet t in handle \(rule.handle!)")
        #expect(rule.chain.listCommand == "nft -a list chain inet t in")
    }

    @Test func `A rule of iptables-nft has iptables' text and number, and nft's handle`() throws {
        let recorded = RecordedCase.named("n-basic")
        let packet = try #require(recorded.packets.first { $0.name == "tcp443-syn" })
        let found = try Ruleset(recorded.listings).culprit(of: recorded.crossing(packet))
        guard case .rule(let rule)? = found.culprit?.culprit else {
            Issue.record("no rule")
            return
        }
        #expect(rule.text == "-A U -p tcp -m tcp --dport 443 -j REJECT --reject-with tcp-reset")
        #expect(rule.number == 4 && rule.handle != nil)
        #expect(rule.deleteCommand == "iptables-nft -t filter -D U 4")
        #expect(found.culprit?.trail.map(\.target) == ["U"])
    }

    @Test func `Without its text a rule still has its handle`() throws {
        var listings = RecordedCase.named("drop-port").listings
        listings.nftablesText = nil
        let answer = try Ruleset(listings).culprit(of: .input(Packets.syn22))
        guard case .rule(let rule)? = answer.culprit?.culprit else {
            Issue.record("no rule")
            return
        }
        #expect(rule.text == "rule with handle \(rule.handle!)")
    }

    @Test func `An empty rule set drops nothing`() throws {
        #expect(try Nftables.ruleset([]).culprit(of: .input(Packets.syn22)) == .nothing)
        #expect(try Ruleset(RulesetListings()).culprit(of: .input(Packets.syn22)) == .nothing)
    }

    @Test func `Dormant tables drop nothing`() throws {
        let table = #"{"table": {"family": "inet", "name": "t", "flags": "dormant"}}"#
        let ruleset = try Nftables.ruleset([
            table, Nftables.base("in", policy: "drop"), Nftables.rule(1, "in", Nftables.drop),
        ])
        #expect(ruleset.culprit(of: .input(Packets.syn22)) == .nothing)
    }

    @Test(arguments: [
        "", "{", "[1", #"{"nftables""#, #"{"nftables": [{"rule": 1}]}"#, #"{"other": []}"#,
        #"{"nftables": [{"chain": {"family": "ip"}}]}"#,
        #"{"nftables": [1]}"#, #"{"nftables": []} x"#, #"{"nftables": ["\u12"]}"#, #"{"nftables": [1.5]}"#,
        #"{"nftables": [99999999999999999999]}"#, String(repeating: "[", count: 100_000), #"{"nftables": ["a\"#,
    ])
    func `Broken JSON is an error`(text: String) {
        var listings = RulesetListings()
        listings.nftablesJSON = text
        #expect(throws: RulesetError.self) { try Ruleset(listings) }
    }

    @Test(arguments: [
        "*filter\n:INPUT DROP [0:0]\n", "-A INPUT -j DROP\nCOMMIT\n", "*filter\n-A INPUT -j DROP\nCOMMIT\n",
        "*filter\n:INPUT\nCOMMIT\n",
        "*filter\n:INPUT ACCEPT [0:0]\n-A INPUT -m comment --comment \"x -j DROP\nCOMMIT\n", "nonsense\n",
        "*filter\n:INPUT ACCEPT\n[1:2\nCOMMIT\n",
    ])
    func `Broken output of iptables-save is an error`(text: String) {
        var listings = RulesetListings()
        listings.iptablesLegacy = text
        #expect(throws: RulesetError.self) { try Ruleset(listings) }
    }

    /// If the output of a tool is cut off or damaged, there is an error or an answer, never a crash.
    @Test(arguments: ["sets", "vmap-concat", "l-chains", "n-basic"])
    func `Damaged listings do no harm`(name: String) {
        let recorded = RecordedCase.named(name)
        var random = SystemRandomNumberGenerator()
        for _ in 0..<300 {
            var listings = recorded.listings
            damage(&listings.nftablesJSON, &random)
            damage(&listings.nftablesText, &random)
            damage(&listings.iptablesLegacy, &random)
            damage(&listings.iptablesNft, &random)
            guard let ruleset = try? Ruleset(listings) else { continue }
            for packet in recorded.packets.prefix(5) { _ = ruleset.culprit(of: recorded.crossing(packet)) }
        }
    }

    private func damage(_ text: inout String?, _ random: inout SystemRandomNumberGenerator) {
        guard let whole = text, !whole.isEmpty else { return }
        var bytes = Array(whole.utf8)
        if Bool.random(using: &random) {
            bytes.removeLast(Int.random(in: 0..<bytes.count, using: &random))
        } else {
            for _ in 0..<3 {
                bytes[Int.random(in: 0..<bytes.count, using: &random)] = UInt8.random(in: 9...125, using: &random)
            }
        }
        text = String(decoding: bytes, as: UTF8.self)
    }

    /// Packets that are cut anywhere, and wrong lengths.
    @Test func `Cut packets never make a crash`() throws {
        let recorded = RecordedCase.named("raw-payload")
        let ruleset = try Ruleset(recorded.listings)
        for packet in recorded.packets {
            for count in 0...packet.bytes.count {
                for length in [count, 2000] {
                    let family: HookFamily = packet.bytes[0] >> 4 == 6 ? .ipv6 : .ipv4
                    let crossing = HookCrossing(
                        hook: .input, family: family, packet: Array(packet.bytes.prefix(count)), length: length)
                    _ = ruleset.culprit(of: crossing)
                }
            }
        }
    }
}
