import Culprits
import Diagnosis
import Testing

/// Packets that arrive, but whose answers have no route.
@Suite struct AnswerRouteTests {
    private static let local = #"[{"type":"local","dst":"10.0.0.2","dev":"lo"}]"#
    private static let listener = """
        LISTEN 0 8 0.0.0.0:80 0.0.0.0:* users:(("httpd",pid=7,fd=3))
        \t skmem:(r0,rb131072,t0,tb16384,f0,w0,o0,bl0,d1) cubic
        """
    private static let usual = "0:\tfrom all lookup local\n32766:\tfrom all lookup main\n"

    private func answer(
        _ cause: String, routes: String, rules: String = Self.usual, others: [String: String] = [:], drops: Bool = true
    ) -> CulpritAnswer {
        var evidence = Evidence.segment(flags: 2)
        evidence.unanswered = .tcpSyn
        let listener = drops ? Self.listener : Self.listener.replacing(",d1)", with: ",d0)")
        let commands = [
            "ip -4 route show table all": routes, "ip -4 rule show": rules,
            "ip -j route get 10.0.0.2": Self.local,
            "ss -Hntapmi sport = :80": listener,
        ]
        return CulpritFinders().answer(
            to: evidence, cause: cause, in: FakeNamespace(commands: commands.merging(others) { $1 }))
    }

    @Test func theSenderThatHasNoRouteIsNamed() throws {
        let found = try #require(culprit(answer("no-route-out", routes: "10.9.0.0/24 dev eth0 \n")))
        #expect(found.name == "no route to 10.0.0.1")
        #expect(found.details.first == "the packet arrived, and its answer cannot be sent")
        #expect(found.values["daddr"] == "10.0.0.1")
    }

    @Test func aRouteThatRefusesTheAnswerIsNamed() throws {
        let found = try #require(culprit(answer("no-route-out", routes: "blackhole 10.0.0.0/30 \n")))
        #expect(found.name == "blackhole 10.0.0.0/30")
        let rule = "9:\tfrom 10.0.0.2 to 10.0.0.1 prohibit"
        #expect(
            culprit(answer("no-route-out", routes: "", rules: rule + "\n" + Self.usual))?.values["route"]
                == "pref 9 from 10.0.0.2 to 10.0.0.1 prohibit")
    }

    @Test func anAnswerWithARouteIsNobodysFault() {
        let way = ["ip -j route get 10.0.0.1 from 10.0.0.2": #"[{"dst":"10.0.0.1","dev":"eth0"}]"#]
        #expect(culprit(answer("no-route-out", routes: "", others: way)) == nil)
    }

    /// The kernel drops it in the function where all ICMPv6 messages end.
    @Test func aPingOverIPv6IsDroppedForWantOfARoute() throws {
        let prefix: [UInt8] = [0xfd, 9] + [UInt8](repeating: 0, count: 13)
        let header: [UInt8] = [0x60, 0, 0, 0, 0, 8, 58, 64] + prefix + [1] + prefix + [2]
        var ping = Evidence.datagram().with(header + [128, 0, 0, 0, 0, 1, 0, 1], etherType: 0x86dd)
        ping.function = "icmpv6_rcv"
        let namespace = FakeNamespace(commands: [
            "ip -j route get fd09::2": #"[{"type":"local","dst":"fd09::2","dev":"lo"}]"#,
            "ip -6 route show table all": "", "ip -6 rule show": Self.usual,
        ])
        let found = culprit(CulpritFinders().answer(to: ping, cause: "no-route-out", in: namespace))
        #expect(found?.name == "no route to fd09::1")
    }

    @Test func aListenerThatHasRefusedNothingHasAnswered() {
        #expect(culprit(answer("no-route-out", routes: "", drops: false)) == nil)
    }

    @Test func aPacketThatPassesThroughNeedsNoAnswer() {
        let on = ["ip -j route get 10.0.0.2": #"[{"dst":"10.0.0.2","dev":"eth1"}]"#]
        #expect(culprit(answer("no-route-out", routes: "", others: on)) == nil)
    }
}
