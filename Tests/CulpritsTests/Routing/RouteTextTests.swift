import HostInspection
import Netlink
import Protocols
import Testing

@testable import Culprits

/// Routes and rules are printed as ip(8) prints them.
@Suite struct RouteTextTests {
    private let text = RouteText(FakeNamespace())

    @Test(arguments: [
        "blackhole 10.77.0.0/16 metric 7", "unreachable default table 77",
        "prohibit 10.77.0.0/20 table 77 proto static",
        "default via 10.9.1.1 dev left", "10.9.1.0/24 dev left scope link", "throw 10.0.0.2 table 78",
        "local 10.9.1.2 dev left table local", "blackhole fd77::/16", "default via fe80::1 dev left",
    ])
    func routes(line: String) throws {
        #expect(text.text(try #require(IPOutput.route(line))) == line)
    }

    @Test(arguments: [
        "0:\tfrom all lookup local", "100:\tfrom 10.0.0.0/8 to 192.0.2.1 fwmark 0x1/0xff iif left lookup 77",
        "9:\tnot from all oif left ipproto tcp sport 1 dport 80-90 prohibit", "7:\tfrom all fwmark 0x10 goto 300",
        "8:\tfrom all lookup main suppress_prefixlength 0", "5:\tfrom fd00::/8 blackhole",
        "1000:\tfrom all lookup [l3mdev-table]", "6:\tfrom all tun_id 7 nop",
    ])
    func rules(line: String) {
        #expect(text.text(IPOutput.rule(line)) == line)
    }

    @Test func theRest() throws {
        var route = try #require(IPOutput.route("unreachable fd00::/8 dev lo"))
        (route.proto, route.metric, route.error, route.preference) = (2, 1024, -101, 0)
        #expect(text.text(route) == "unreachable fd00::/8 dev lo proto kernel metric 1024 error -101 pref medium")
        var rule = IPOutput.rule("1:\tfrom all iif gone lookup 100")
        (rule.isInputDetached, rule.proto) = (true, 4)
        #expect(text.text(rule) == "1:\tfrom all iif gone [detached] lookup 100 proto static")
    }
}
