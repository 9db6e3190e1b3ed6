@testable import Culprits
import Diagnosis
import Netlink
import Protocols
import Testing

/// Policy rules are evaluated as in the kernel.
@Suite struct RoutingPolicyTests {
    private static let routes = """
        10.0.0.0/24 dev eth1 scope link
        unreachable default table 77
        throw 10.0.0.2 table 78
        blackhole 10.0.0.0/8 table 79 metric 5
        10.0.0.1 dev eth0 table local
        """

    private func decision(_ rules: String..., for evidence: Evidence = .datagram()) -> RoutingPolicy.Decision {
        RoutingPolicy(
            rules: (["0:\tfrom all lookup local"] + rules + ["32766:\tfrom all lookup main"]).map(IPOutput.rule),
            routes: IPOutput.routes(Self.routes).filter { $0.destination.contains("10.0.0.2") }
        ).decision(for: RoutedFlow(evidence))
    }

    private func chosen(_ route: String, by rule: String) throws -> RoutingPolicy.Decision {
        .route(try #require(IPOutput.route(route)), IPOutput.rule(rule))
    }

    @Test func theTableThatARuleSelectsGoesBeforeTheMainOne() throws {
        let rule = "100:\tfrom all iif eth0 lookup 77"
        #expect(try decision(rule) == chosen("unreachable default table 77", by: rule))
    }

    @Test func aRuleForOthersIsPassedOver() throws {
        let main = try chosen("10.0.0.0/24 dev eth1 scope link", by: "32766:\tfrom all lookup main")
        #expect(decision("100:\tfrom all iif eth7 lookup 77") == main)
        #expect(decision("100:\tfrom 192.0.2.0/24 lookup 77") == main)
        #expect(decision("100:\tnot from all to 10.0.0.2 lookup 77") == main)
        #expect(decision("100:\tfrom all fwmark 0x1/0xff lookup 77") == main)
        #expect(decision("100:\tfrom all ipproto tcp lookup 77") == main)
        #expect(decision("100:\tfrom all dport 54-60 lookup 77") == main)
        #expect(decision("100:\tfrom all lookup 78", "101:\tfrom all lookup 99") == main)
        #expect(decision("100:\tfrom all lookup 77 suppress_prefixlength 0") == main)
    }

    @Test func aRuleMayRefuseByItself() {
        let rule = "100:\tfrom 10.0.0.1 to 10.0.0.0/24 ipproto udp dport 53 prohibit"
        #expect(decision(rule) == .refused(IPOutput.rule(rule), .prohibit))
    }

    @Test func theMarkOfThePacketCounts() throws {
        var evidence = Evidence.datagram()
        evidence.mark = 0x101
        let rule = "100:\tfrom all fwmark 0x1/0xff lookup 79"
        #expect(try decision(rule, for: evidence) == chosen("blackhole 10.0.0.0/8 table 79 metric 5", by: rule))
    }

    @Test func whatIsNotUnderstoodIsNotGuessed() {
        #expect(decision("100:\tfrom all lookup [l3mdev-table]") == .unclear)
        #expect(decision("100:\tfrom all tun_id 7 lookup 77") == .unclear)
        #expect(decision("100:\tfrom all goto 300") == .unclear)
        var made = Evidence.datagram()
        made.inDevice = nil
        #expect(decision("100:\tfrom 10.0.0.1 lookup 77", for: made) == .unclear)
        #expect(decision("100:\tfrom all oif eth1 lookup 77", for: made) == .unclear)
        #expect(decision("100:\tfrom all iif lo lookup 77", for: made) != decision(for: made))
    }

    @Test func theRuleIsToldWithTheRoute() throws {
        let namespace = FakeNamespace(commands: [
            "ip -4 route show table all": Self.routes,
            "ip -4 rule show": "0:\tfrom all lookup local\n100:\tfrom all iif eth0 lookup 77\n",
        ])
        let found = try #require(
            culprit(CulpritFinders().answer(to: .datagram(), cause: "no-route-in", in: namespace)))
        #expect(found.name == "unreachable default table 77")
        #expect(found.details.last == "its table is selected by the policy rule 100: from all iif eth0 lookup 77")
        #expect(culprit(CulpritFinders().answer(to: .datagram(), cause: "route-blackhole", in: namespace)) == nil)
    }
}
