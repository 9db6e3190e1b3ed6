import NetfilterRules
import Testing

/// Decisions that depend on one packet, the counters or the machine.
struct DecisionTests {
    private static let mark = #"{"meta": {"key": "mark"}}"#
    private static let port53 =
        #"{"match": {"op": "==", "left": {"payload": {"protocol": "udp", "field": "dport"}}, "right": 53}}"#

    private static func setMark(_ value: String) -> String {
        #"{"mangle": {"key": \#(mark), "value": \#(value)}}"#
    }

    private static func match(_ left: String, _ right: String) -> String {
        #"{"match": {"op": "==", "left": \#(left), "right": \#(right)}}"#
    }

    private func handles(_ rules: [String], _ crossing: HookCrossing, chains: [String] = []) throws -> [UInt64] {
        let listed = rules.enumerated().map { index, rule in
            let chain = rule.hasPrefix("@") ? String(rule.dropFirst().prefix { $0 != " " }) : "in"
            return Nftables.rule(index + 1, chain, rule.hasPrefix("@") ? String(rule.drop { $0 != "{" }) : rule)
        }
        let ruleset = try Nftables.ruleset(
            [Nftables.table(), Nftables.base("in")] + chains.map { Nftables.chain($0) } + listed)
        return ruleset.culprit(of: crossing).handles
    }

    @Test func `The packet's own mark tells which rule it met`() throws {
        let rules = [
            Self.port53 + "," + Self.setMark(#"{"|": [\#(Self.mark), 32]}"#),
            Self.match(Self.mark, "16") + "," + Nftables.drop,
            Self.match(#"{"&": [\#(Self.mark), 32]}"#, "32") + "," + Nftables.drop,
            Self.port53 + "," + Nftables.drop,
        ]
        for mark: UInt32 in [0x20, 0x21, 0x30] {
            #expect(try handles(rules, .input(Packets.udp53, mark: mark)) == [3])
        }
        // No packet leaves the first rule without the bit, so a packet with another mark at its end came from
        // elsewhere.
        #expect(try handles(rules, .input(Packets.udp53, mark: 0x10)) != [3])
    }

    @Test func `A rule whose mark the packet does not have at its end did not end it`() throws {
        // The mark before the second rule is unknown; the first rule would have ended packets with mark 16.
        let rules = [
            Self.match(Self.mark, "16") + "," + Nftables.drop,
            Self.port53 + "," + Self.setMark("7"),
            Self.match(Self.mark, "7") + "," + Nftables.drop,
        ]
        #expect(try handles(rules, .input(Packets.udp53, mark: 7)) == [3])
        #expect(try handles(rules, .input(Packets.udp53, mark: 16)) == [1])
    }

    @Test func `Marks that chains set are followed through them`() throws {
        let rules = [
            #"{"jump": {"target": "set"}}"#, Self.match(Self.mark, "5") + "," + Nftables.drop,
            Self.match(Self.mark, "6") + "," + Nftables.drop, "@set " + Self.setMark("6"),
        ]
        #expect(try handles(rules, .input(Packets.udp53, mark: 6), chains: ["set"]) == [3])
    }

    private func meaning(
        _ statement: String, received: UInt64?, bytes: UInt64 = .max, objects: [String] = []
    ) throws -> Meaning {
        var listings = RulesetListings()
        listings.nftablesJSON = Nftables.json(
            [Nftables.table(), Nftables.base("in")] + objects + [
                Nftables.rule(1, "in", statement + "," + Nftables.drop)
            ])
        listings.traffic = TrafficCount(received: received, receivedBytes: bytes)
        return Meaning(try Ruleset(listings).culprit(of: .input(Packets.syn22)))
    }

    @Test func `A limit is not over after less than its burst`() throws {
        let over = #"{"limit": {"rate": 100, "burst": 5, "per": "second", "inv": true}}"#
        #expect(try meaning(over, received: 1) == .passes)
        #expect(try meaning(over, received: 5) == .passes)
        #expect(try meaning(over, received: 6) == .unknown)
        #expect(try meaning(over, received: nil) == .unknown)
        let within = #"{"limit": {"rate": 100, "burst": 0, "per": "second"}}"#
        #expect(try meaning(within, received: 5) == .matches)
        let named = #"{"limit": {"family": "inet", "table": "t", "name": "l", "rate": 1, "burst": 54, "inv": true}}"#
        #expect(try meaning(#"{"limit": "l"}"#, received: 9, objects: [named]) == .passes)
        #expect(try meaning(#"{"limit": "l"}"#, received: 9) == .unknown)
        let volume = #"{"limit": {"rate": 1, "rate_unit": "kbytes", "burst": 24, "per": "second", "inv": true}}"#
        #expect(try meaning(volume, received: 9, bytes: 1048) == .passes)
        #expect(try meaning(volume, received: 9, bytes: 1049) == .unknown)
    }

    @Test func `Elements that packets add may carry a limit`() throws {
        let set =
            #"{"set": {"family": "inet", "table": "t", "name": "s", "type": "ipv4_addr", "size": 2, "elem": ["10.0.0.1"]}}"#
        let add = { (limit: String) in
            #"{"set": {"op": "add", "elem": {"payload": {"protocol": "ip", "field": "saddr"}}, "set": "@s"\#(limit)}}"#
        }
        let limit = #", "stmt": [{"limit": {"rate": 10, "burst": 5, "inv": true}}]"#
        #expect(try meaning(add(""), received: 1, objects: [set]) == .matches)
        #expect(try meaning(add(limit), received: 1, objects: [set]) == .passes)
        #expect(try meaning(add(limit), received: 9, objects: [set]) == .unknown)
        #expect(
            try meaning(add(""), received: 1, objects: [set.replacing(#""size": 2"#, with: #""size": 1"#)]) == .unknown)
    }

    @Test func `A quota tells what it has used`() throws {
        let quota = { (used: String) in #"{"quota": {"val": 10, "val_unit": "kbytes", "inv": true\#(used)}}"# }
        #expect(try meaning(quota(""), received: nil) == .passes)
        #expect(try meaning(quota(#", "used": 9, "used_unit": "kbytes""#), received: nil) == .passes)
        #expect(try meaning(quota(#", "used": 10, "used_unit": "kbytes""#), received: nil) == .unknown)
        #expect(try meaning(#"{"quota": {"val": 39, "used": 39, "inv": true}}"#, received: nil) == .matches)
        let named = #"{"quota": {"family": "inet", "table": "t", "name": "q", "bytes": 100, "used": 99, "inv": true}}"#
        #expect(try meaning(#"{"quota": "q"}"#, received: nil, objects: [named]) == .passes)
    }

    @Test func `The sender is known`() throws {
        let rule = { (key: String) in Self.match(#"{"meta": {"key": "\#(key)"}}"#, "1000") + "," + Nftables.drop }
        var crossing = HookCrossing.input(Packets.udp53)
        #expect(try handles([rule("skuid"), rule("skgid")], crossing) == [1, 2])
        crossing.sender = SocketOwner(user: 7, group: 1000)
        #expect(try handles([rule("skuid"), rule("skgid")], crossing) == [2])
        crossing.sender = SocketOwner(user: 1000, group: nil)
        #expect(try handles([rule("skuid"), rule("skgid")], crossing) == [1])
    }
}
