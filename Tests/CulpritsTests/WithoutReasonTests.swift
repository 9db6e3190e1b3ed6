import Diagnosis
import NetfilterRules
import Testing

@testable import Culprits

/// Without a drop reason, and with several causes at one place, a culprit is only named where packets of its cause end.
@Suite struct WithoutReasonTests {
    private let finders = CulpritFinders()

    private func answer(
        _ cause: String, at function: String, _ commands: [String: String] = [:], _ sysctls: [String: String] = [:],
        change: (inout Evidence) -> Void = { _ in }
    ) -> CulpritAnswer {
        var evidence = Evidence.datagram()
        evidence.function = function
        change(&evidence)
        return finders.answer(to: evidence, cause: cause, in: FakeNamespace(commands: commands, sysctls: sysctls))
    }

    private let noRoute = ["ip -4 route show table all": "", "ip -4 rule show": "0:\tfrom all lookup local\n"]

    @Test func aMachineThatDoesNotForwardSaysNothingOfRoutes() {
        let place = "net/ipv4/conf/eth0/forwarding"
        #expect(culprit(answer("no-route-in", at: "ip_error", noRoute, [place: "0"])) == nil)
        #expect(culprit(answer("no-route-in", at: "ip_error", noRoute, [place: "1"])) != nil)
    }

    @Test func directionsAreToldApart() {
        #expect(culprit(answer("no-route-in", at: "ip6_pkt_drop", noRoute)) != nil)
        #expect(culprit(answer("no-route-out", at: "ip6_pkt_drop", noRoute)) == nil)
        #expect(culprit(answer("no-route-in", at: "ip6_pkt_drop", noRoute) { $0.inDevice = nil }) == nil)
        #expect(culprit(answer("no-route-out", at: "ip6_pkt_drop", noRoute) { $0.inDevice = nil }) != nil)
    }

    @Test func aProhibitionHasToBeSeenWhereTheKernelSpeaksOfNoRoute() {
        let prohibited = ["ip -4 route show table all": "prohibit 10.0.0.0/24 \n", "ip -4 rule show": ""]
        func named(_ trail: [String], _ reason: String?) -> Culprit? {
            culprit(
                answer("route-prohibit", at: "ip6_pkt_drop", prohibited) {
                    $0.trail = trail
                    $0.reason = reason
                })
        }
        for reason in [nil, "IP_INNOROUTES"] {
            #expect(named(["ip6_route_input", "ip6_pkt_prohibit", "icmp6_send"], reason) != nil)
            #expect(named(["ip6_route_input", "ip6_pkt_discard"], reason) == nil)
        }
    }

    private let neighbour = [
        "ip -j route get 10.0.0.2": #"[{"dst":"10.0.0.2","dev":"eth1"}]"#,
        "ip -j neigh show dev eth1": #"[{"dst":"10.0.0.2","state":["FAILED"]}]"#,
    ]

    @Test func theQueueIsFullUnlessNobodyMayBeAsked() {
        let place = "__neigh_event_send"
        #expect(culprit(answer("neighbour-queue-full", at: place, neighbour)) != nil)
        #expect(culprit(answer("neighbour-unresolved", at: place, neighbour)) == nil)
        let none = ["mcast_solicit", "app_solicit"].map { ("net/ipv4/neigh/eth1/\($0)", "0") }
        let silent = Dictionary(uniqueKeysWithValues: none)
        #expect(culprit(answer("neighbour-queue-full", at: place, neighbour, silent)) == nil)
        #expect(culprit(answer("neighbour-unresolved", at: place, neighbour, silent)) != nil)
        #expect(culprit(answer("neighbour-unresolved", at: "neigh_invalidate", neighbour)) != nil)
    }

    @Test(arguments: [
        ("source-is-local", "local"), ("martian-source", "broadcast"),
    ])
    func theRouteToTheSourceTellsWhatItIs(cause: String, type: String) {
        let place = "ip_rcv_finish_core"
        func routes(_ type: String) -> [String: String] {
            ["ip -j route get 10.0.0.1": #"[{"type":"\#(type)","dst":"10.0.0.1","dev":"lo"}]"#]
        }
        #expect(culprit(answer(cause, at: place, routes(type)))?.name == "source address 10.0.0.1")
        #expect(culprit(answer(cause, at: place, routes("unicast"))) == nil)
    }

    @Test func unusualProtocolsHaveNoHandler() {
        let finder = PacketCulprit()
        for (proto, isFound) in [(UInt8(253), true), (17, false)] {
            var evidence = Evidence.datagram(proto: proto)
            evidence.function = "ip_local_deliver_finish"
            let answer = try? finder.answer(to: evidence, cause: "no-protocol", in: FakeNamespace())
            #expect((answer.flatMap(culprit) != nil) == isFound)
        }
    }

    private func hook(stack: [String], trail: [String]) -> (NetfilterHook?, HookFamily?) {
        var evidence = Evidence.datagram()
        evidence.stack = stack
        evidence.trail = trail
        let table = NetfilterHookTable(CulpritFinders.netfilter)
        return (table.hook(of: evidence), table.family(of: evidence))
    }

    @Test func theTrailTellsTheHookWhereTheStackBreaksOff() {
        let (forward, bridge) = hook(
            stack: ["nf_hook_slow+0x93"], trail: ["ip_output", "br_handle_frame", "br_forward", "nf_hook_slow"])
        #expect(forward == .forward && bridge == .bridge)
        let (output, _) = hook(stack: [], trail: ["br_dev_xmit", "br_forward", "nf_hook_slow"])
        #expect(output == .output)
        let (prerouting, ipv4) = hook(stack: [], trail: ["br_forward", "br_handle_frame", "ip_rcv", "nf_hook_slow"])
        #expect(prerouting == .prerouting && ipv4 == .ipv4)
    }

    @Test func aHeaderThatWasNotCapturedHasAnotherVersion() {
        func named(at function: String, length: UInt32) -> Culprit? {
            culprit(
                answer("ip-header", at: function) {
                    $0.bytes = []
                    $0.etherType = 0x0800
                    $0.length = length
                })
        }
        #expect(named(at: "ip_rcv_core", length: 36)?.name == "IP version that contradicts EtherType 0x800")
        #expect(named(at: "ip_rcv_core", length: 19) == nil)
        #expect(named(at: "ip_forward", length: 36) == nil)
    }
}
