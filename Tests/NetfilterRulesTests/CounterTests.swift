import NetfilterRules
import Testing

/// Two snapshots: a rule whose counter did not change did nothing.
struct CounterTests {
    private func snapshot(_ counts: [Int], at time: UInt64) throws -> Ruleset {
        let counter = { (count: Int) in #"{"counter": {"packets": \#(count), "bytes": 0}}"# }
        var listings = RulesetListings()
        listings.nftablesJSON = Nftables.json([
            Nftables.table(), Nftables.base("in"),
            Nftables.rule(1, "in", Nftables.someState + "," + counter(counts[0]) + "," + Nftables.drop),
            Nftables.rule(2, "in", Nftables.port22 + "," + counter(counts[1]) + "," + Nftables.drop),
        ])
        listings.iptablesLegacy =
            "*filter\n:INPUT DROP [\(counts[2]):0]\n[\(counts[3]):0] -A INPUT -m limit --limit 1/s -j DROP\nCOMMIT\n"
        listings.begunAt = time
        listings.completeAt = time + 10
        return try Ruleset(listings)
    }

    private func handles(_ before: [Int], _ after: [Int], engine: RuleEngine, at time: UInt64 = 500) throws -> [UInt64]
    {
        var crossing = HookCrossing.input(Packets.syn22)
        crossing.engine = engine
        crossing.timestamp = time
        return try snapshot(after, at: 1000).culprit(of: crossing, before: snapshot(before, at: 100)).handles
    }

    @Test func `A rule whose counter stood still is no suspect`() throws {
        #expect(try handles([5, 5, 0, 0], [5, 6, 0, 0], engine: .nftables) == [2])
        #expect(try handles([5, 5, 0, 0], [6, 5, 0, 0], engine: .nftables) == [1])
        #expect(try handles([5, 5, 0, 0], [6, 6, 0, 0], engine: .nftables) == [1, 2])
        #expect(try handles([5, 5, 0, 0], [5, 5, 0, 0], engine: .nftables) == [])
    }

    @Test func `A counter that was reset tells nothing`() throws {
        #expect(try handles([5, 5, 0, 0], [2, 6, 0, 0], engine: .nftables) == [1, 2])
    }

    @Test func `Snapshots that do not lie around the drop tell nothing`() throws {
        #expect(try handles([5, 5, 0, 0], [5, 6, 0, 0], engine: .nftables, at: 105) == [1, 2])
        #expect(try handles([5, 5, 0, 0], [5, 6, 0, 0], engine: .nftables, at: 1005) == [1, 2])
    }

    @Test func `Policies of iptables-legacy count too`() throws {
        #expect(try handles([0, 0, 7, 3], [0, 0, 8, 3], engine: .xtables) == [0])
        #expect(try handles([0, 0, 7, 3], [0, 0, 7, 4], engine: .xtables) == [1])
    }

    @Test func `A rule that was made during the trace is not named`() throws {
        var crossing = HookCrossing.input(Packets.syn22, connection: .new)
        crossing.timestamp = 500
        var empty = RulesetListings()
        empty.nftablesJSON = Nftables.json([])
        empty.completeAt = 110
        let after = try snapshot([0, 1, 0, 0], at: 1000)
        #expect(try after.culprit(of: crossing, before: snapshot([0, 0, 0, 0], at: 100)).culprit != nil)
        let found = try after.culprit(of: crossing, before: Ruleset(empty))
        #expect(found.culprit == nil && found.handles.contains(2))
    }
}
