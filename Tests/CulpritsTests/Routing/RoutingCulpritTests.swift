@testable import Culprits
import Diagnosis
import Netlink
import Protocols
import Testing

@Suite struct RoutingCulpritTests {
    private let finders = CulpritFinders()

    private func answer(_ cause: String, _ namespace: FakeNamespace) -> CulpritAnswer {
        finders.answer(to: .datagram(), cause: cause, in: namespace)
    }

    @Test func theStrongerReversePathSettingIsToBlame() throws {
        let namespace = FakeNamespace(
            commands: ["ip -j route get 10.0.0.1": #"[{"dst":"10.0.0.1","dev":"eth1","gateway":"10.9.0.1"}]"#],
            sysctls: ["net/ipv4/conf/all/rp_filter": "0", "net/ipv4/conf/eth0/rp_filter": "1"])
        let found = try #require(culprit(answer("rp-filter", namespace)))
        #expect(found.name == "net.ipv4.conf.eth0.rp_filter = 1 (strict)")
        #expect(found.details.contains { $0.contains("eth1 via 10.9.0.1") })
    }

    @Test func aReversePathThatIsInOrderAccusesNobody() {
        let namespace = FakeNamespace(
            commands: ["ip -j route get 10.0.0.1": #"[{"dst":"10.0.0.1","dev":"eth0"}]"#],
            sysctls: ["net/ipv4/conf/all/rp_filter": "1", "net/ipv4/conf/eth0/rp_filter": "0"])
        #expect(doubt(answer("rp-filter", namespace))?.contains("in order") == true)
        // The default of most distributions: any route is accepted.
        let loose = FakeNamespace(
            commands: ["ip -j route get 10.0.0.1": #"[{"dst":"10.0.0.1","dev":"eth7"}]"#],
            sysctls: ["net/ipv4/conf/all/rp_filter": "2", "net/ipv4/conf/eth0/rp_filter": "1"])
        #expect(doubt(answer("rp-filter", loose))?.contains("in order") == true)
        #expect(doubt(answer("rp-filter", FakeNamespace()))?.contains("rp_filter is 0") == true)
    }

    @Test func aLooseReversePathNeedsNoRouteAtAll() throws {
        let namespace = FakeNamespace(sysctls: ["net/ipv4/conf/all/rp_filter": "2"])
        let found = try #require(culprit(answer("rp-filter", namespace)))
        #expect(found.name == "net.ipv4.conf.all.rp_filter = 2 (loose)")
        #expect(found.details.contains("there is no route back to 10.0.0.1"))
    }

    @Test func forwardingNamesTheSwitchThatIsOff() throws {
        var namespace = FakeNamespace(
            commands: ["ip -j -4 address show": "[]"],
            sysctls: ["net/ipv4/conf/eth0/forwarding": "0", "net/ipv4/ip_forward": "0"])
        #expect(culprit(answer("forwarding-off", namespace))?.name == "net.ipv4.ip_forward = 0")
        namespace.sysctls["net/ipv4/ip_forward"] = "1"
        #expect(culprit(answer("forwarding-off", namespace))?.name == "net.ipv4.conf.eth0.forwarding = 0")
        namespace.sysctls["net/ipv4/conf/eth0/forwarding"] = "1"
        #expect(culprit(answer("forwarding-off", namespace)) == nil)
    }

    private func routes(_ text: String, rules: String = "0:\tfrom all lookup local\n32766:\tfrom all lookup main\n")
        -> FakeNamespace
    {
        FakeNamespace(commands: ["ip -4 route show table all": text, "ip -4 rule show": rules])
    }

    @Test func theLongestRefusingRouteIsToBlame() throws {
        let namespace = routes("default via 10.0.0.254 dev eth0 \nblackhole 10.0.0.0/24 \nunreachable 10.0.0.0/8 \n")
        #expect(culprit(answer("route-blackhole", namespace))?.name == "blackhole 10.0.0.0/24")
    }

    @Test func aLongerRouteThatCarriesThePacketLeavesItOpen() {
        let namespace = routes("10.0.0.2 dev eth0 scope link \nblackhole 10.0.0.0/24 \n")
        #expect(culprit(answer("route-blackhole", namespace)) == nil)
        #expect(doubt(answer("route-blackhole", namespace)) != nil)
    }

    @Test(arguments: [
        ("from 10.0.0.1", true), ("from all to 10.0.0.0/24", true), ("from all iif eth0", true),
        ("not from all fwmark 0x1", true),
        ("from 10.0.0.9", false), ("from all to 192.0.2.0/24", false), ("from all iif eth7", false),
    ])
    func rulesForOtherPacketsAreNotAccused(selector: String, mayBe: Bool) {
        let namespace = routes("", rules: "0:\tfrom all lookup local\n100:\t\(selector) prohibit\n")
        #expect((culprit(answer("route-prohibit", namespace)) != nil) == mayBe)
    }

    @Test func aLongerRouteThatRefusesOtherwiseIsNotPassedOver() {
        let namespace = routes("unreachable 10.0.0.0/24 \nprohibit 10.0.0.0/16 \n")
        #expect(culprit(answer("route-prohibit", namespace)) == nil)
    }

    @Test func aRuleThatIsNotUnderstoodLeavesItOpen() {
        let namespace = routes(
            "prohibit 10.0.0.0/24 \n",
            rules: "0:\tfrom all lookup local\n100:\tfrom 10.0.0.1 tun_id 7 prohibit\n32766:\tfrom all lookup main\n")
        guard case .oneOf(let suspects, _) = answer("route-prohibit", namespace) else {
            Issue.record("not left open")
            return
        }
        #expect(suspects.map(\.kind) == ["policy-rule", "route"])
    }

    @Test func noRouteAtAllSaysSo() throws {
        let found = try #require(culprit(answer("no-route-out", routes("192.0.2.0/24 dev eth0 \n"))))
        #expect(found.name == "no route to 10.0.0.2")
        #expect(found.details == ["there is no default route either"])
    }

    @Test func prefixesCoverWhatTheyShould() throws {
        let odd = try #require(IPPrefix(text: "10.128.0.0/9"))
        #expect(odd.length == 9)
        #expect(odd.contains("10.129.1.1") && !odd.contains("10.1.1.1") && !odd.contains("2001:db8::1"))
        let six = try #require(IPPrefix(text: "2001:db8::/33"))
        #expect(six.contains("2001:db8:1::1") && !six.contains("2001:db8:8000::1"))
        #expect(IPPrefix(text: "nonsense") == nil && IPPrefix(text: "") == nil)
        #expect(IPPrefix(text: "10.0.0.0/40") == nil && IPPrefix(text: "10.0.0.0/-1") == nil)
    }
}
