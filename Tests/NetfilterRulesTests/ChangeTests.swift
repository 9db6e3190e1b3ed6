import NetfilterRules
import Testing

/// Rules that are added or removed around a packet's end, which is at 500.
struct ChangeTests {
    private static let port53 =
        #"{"match": {"op": "==", "left": {"payload": {"protocol": "udp", "field": "dport"}}, "right": 53}}"#
    private static let flood = #"{"limit": {"rate": 100, "burst": 5, "per": "second", "inv": true}}, {"drop": null}"#

    private func listing(
        _ rules: [(Int, String)], policy: String = "accept", generation: UInt32?, at time: UInt64
    ) throws -> Ruleset {
        var listings = RulesetListings()
        listings.nftablesJSON = Nftables.json(
            [Nftables.table(), Nftables.base("in", policy: policy)] + rules.map { Nftables.rule($0.0, "in", $0.1) })
        listings.traffic = TrafficCount(received: 1)
        listings.generation = generation
        listings.begunAt = time
        listings.completeAt = time + 10
        return try Ruleset(listings)
    }

    private func answer(_ before: Ruleset?, _ after: Ruleset) -> Answer {
        var crossing = HookCrossing.input(Packets.udp53)
        crossing.engine = .nftables
        crossing.timestamp = 500
        return after.culprit(of: crossing, before: before)
    }

    @Test func `A rule that one change took away is named`() throws {
        let before = try listing([(2, Self.port53 + "," + Nftables.drop), (3, Self.flood)], generation: 2, at: 100)
        let after = try listing(
            [(4, Self.port53 + #", {"counter": {"packets": 0, "bytes": 0}}"#), (3, Self.flood)], generation: 3, at: 1000
        )
        let found = answer(before, after)
        #expect(found.handles == [2] && found.culprit?.wasRemoved == true)
        // Without the earlier listing, a rule that a single packet cannot have exceeded is not named.
        #expect(answer(nil, after) == .nothing)
    }

    @Test func `After several changes nothing is named`() throws {
        let before = try listing([(2, Self.port53 + "," + Nftables.drop)], generation: 2, at: 100)
        let after = try listing([], generation: 7, at: 1000)
        guard case .changed(let suspects) = answer(before, after) else {
            Issue.record("not changed")
            return
        }
        #expect(suspects.count == 1 && suspects[0].wasRemoved)
    }

    @Test func `Two rules of which either may have been the one are no culprit`() throws {
        let before = try listing([(2, Self.port53 + "," + Nftables.drop)], generation: 2, at: 100)
        let after = try listing([(5, Nftables.drop)], generation: 3, at: 1000)
        #expect(answer(before, after).culprit == nil)
        #expect(answer(before, after).handles == [2, 5])
    }

    @Test func `A rule that was there all the time is named, whatever changed around it`() throws {
        let rule = (2, Self.port53 + "," + Nftables.drop)
        let before = try listing([rule, (3, Self.flood)], generation: 2, at: 100)
        let after = try listing([rule, (9, Nftables.drop)], policy: "drop", generation: 40, at: 1000)
        #expect(answer(before, after).culprit?.wasRemoved == false && answer(before, after).handles == [2])
    }

    @Test func `A rule that one change made is named if no older one can have been it`() throws {
        let before = try listing([], generation: 2, at: 100)
        let rule = (2, Self.port53 + "," + Nftables.drop)
        #expect(try answer(before, listing([rule], generation: 3, at: 1000)).culprit != nil)
        #expect(try answer(before, listing([rule], generation: 4, at: 1000)).culprit == nil)
    }

    @Test func `Rules that were loaded again are the same`() throws {
        let before = try listing([(2, Self.port53 + "," + Nftables.drop)], generation: 2, at: 100)
        let after = try listing([(12, Self.port53 + "," + Nftables.drop)], generation: 9, at: 1000)
        #expect(answer(before, after).culprit?.wasRemoved == false && answer(before, after).handles == [12])
    }

    @Test func `A rule that has counted nothing dropped nothing`() throws {
        let rule = { (count: Int) in
            Self.port53 + #", {"counter": {"packets": \#(count), "bytes": 0}}, "# + Nftables.drop
        }
        let rules = { (count: Int) in [(2, rule(count)), (3, Nftables.drop)] }
        #expect(try answer(nil, listing(rules(0), generation: nil, at: 1000)).handles == [3])
        #expect(try answer(nil, listing(rules(1), generation: nil, at: 1000)).handles == [2])
        // A listing from before the packet's end proves nothing about it.
        #expect(try answer(nil, listing(rules(0), generation: nil, at: 400)).handles == [2])
    }

    @Test func `Policies of iptables that were opened`() throws {
        let legacy = { (policy: String, count: Int, time: UInt64) -> Ruleset in
            var listings = RulesetListings()
            listings.iptablesLegacy = "*filter\n:INPUT \(policy) [\(count):0]\nCOMMIT\n"
            listings.begunAt = time
            listings.completeAt = time + 10
            return try Ruleset(listings)
        }
        var crossing = HookCrossing.input(Packets.udp53)
        crossing.engine = .xtables
        crossing.timestamp = 500
        let found = try legacy("ACCEPT", 0, 1000).culprit(of: crossing, before: legacy("DROP", 4, 100))
        // The number of changes is unknown for iptables-legacy.
        #expect(found == .changed(found.suspects) && found.suspects.count == 1)
        #expect(try legacy("DROP", 5, 1000).culprit(of: crossing, before: legacy("DROP", 4, 100)).culprit != nil)
    }
}
