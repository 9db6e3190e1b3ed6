import Culprits
import Diagnosis
import Testing

@Suite struct DeviceCulpritTests {
    private let finders = CulpritFinders()

    private func answer(
        _ cause: String, _ commands: [String: String] = [:], _ sysctls: [String: String] = [:]
    ) -> CulpritAnswer {
        finders.answer(to: .datagram(), cause: cause, in: FakeNamespace(commands: commands, sysctls: sysctls))
    }

    @Test func theQdiscThatCountedTheDropIsNamed() throws {
        let text =
            #"[{"kind":"tbf","handle":"8001:","root":true,"drops":12,"backlog":3028,"qlen":2},{"kind":"clsact","handle":"ffff:","drops":3}]"#
        let found = try #require(culprit(answer("qdisc-overlimit", ["tc -s -j qdisc show dev eth0": text])))
        #expect(found.name == "qdisc tbf 8001: dev eth0")
        #expect(found.details == ["it has dropped 12 packets; 2 packets (3028 bytes) wait now"])
    }

    @Test func optionsThatAreNoJSONArePassedOver() throws {
        let text =
            #"[{"kind":"hfsc","handle":"1:","options":{default 9 },"drops":1},{"kind":"fq","options":{"limit":7},"handle":"2:"}]"#
        let found = try #require(culprit(answer("qdisc-drop", ["tc -s -j qdisc show dev eth0": text])))
        #expect(found.name == "qdisc hfsc 1: dev eth0")
    }

    @Test func aQdiscWithoutDropsIsNotAccused() {
        let text = #"[{"kind":"fq","handle":"8001:","drops":0}]"#
        #expect(culprit(answer("qdisc-overlimit", ["tc -s -j qdisc show dev eth0": text])) == nil)
    }

    @Test func severalQdiscsThatDroppedLeaveItOpen() {
        let text =
            #"[{"kind":"htb","handle":"1:","drops":9},{"kind":"pfifo","handle":"10:","drops":4},{"kind":"pfifo","handle":"20:","drops":5}]"#
        guard case .oneOf(let suspects, _) = answer("qdisc-drop", ["tc -s -j qdisc show dev eth0": text]) else {
            Issue.record("not left open")
            return
        }
        #expect(suspects.count == 3)
    }

    @Test func theUnresolvedNextHopIsTheGateway() throws {
        let found = try #require(
            culprit(
                answer(
                    "neighbour-unresolved",
                    [
                        "ip -j route get 10.0.0.2": #"[{"dst":"10.0.0.2","gateway":"192.0.2.1","dev":"eth1"}]"#,
                        "ip -j neigh show dev eth1": #"[{"dst":"192.0.2.1","state":["FAILED"]}]"#,
                    ])))
        #expect(found.name == "192.0.2.1 dev eth1 FAILED")
        #expect(found.details.contains("it is the gateway to 10.0.0.2"))
    }

    @Test func aNeighbourThatAnsweredIsNotAccused() {
        let commands = [
            "ip -j route get 10.0.0.2": #"[{"dst":"10.0.0.2","dev":"eth1"}]"#,
            "ip -j neigh show dev eth1": #"[{"dst":"10.0.0.2","state":["REACHABLE"]}]"#,
        ]
        #expect(culprit(answer("neighbour-unresolved", commands)) == nil)
    }

    @Test func theXDPProgramIsNamed() throws {
        let text = #"[{"ifname":"eth0","flags":["UP"],"xdp":{"mode":2,"prog":{"id":42,"name":"drop_all"}}}]"#
        let found = try #require(culprit(answer("xdp-drop", ["ip -d -j link show dev eth0": text])))
        #expect(found.name == "XDP program 42 \"drop_all\" on eth0")
        #expect(found.remedies.first?.command == "ip link set dev {dev} xdpgeneric off")
        #expect(culprit(answer("xdp-drop", ["ip -d -j link show dev eth0": #"[{"ifname":"eth0"}]"#])) == nil)
    }

    @Test func aRedirectIsToBlameIfItsDeviceTakesNothing() throws {
        func answer(_ flags: String) -> CulpritAnswer {
            let filter =
                "filter protocol all pref 1 matchall chain 0 handle 0x1\n"
                + "\taction order 1: mirred (Egress Redirect to device ifb0) stolen\n"
            let device = #"[{"ifindex":7,"ifname":"ifb0","flags":[\#(flags)]}]"#
            return self.answer(
                "tc-action",
                [
                    "tc -j qdisc show dev eth0": #"[{"kind":"ingress"}]"#,
                    "tc -s filter show dev eth0 ingress": filter, "ip -d -j link show dev ifb0": device,
                ])
        }
        #expect(try #require(culprit(answer(""))).details.last == "ifb0 is down")
        #expect(try #require(culprit(answer(#""UP""#))).details.last == "ifb0 is without carrier")
        #expect(culprit(answer(#""UP","LOWER_UP""#)) == nil)
    }

    @Test func aSettingIsToBlameOnlyIfItExplainsTheDrop() {
        #expect(
            culprit(answer("ipv6-disabled", [:], ["net/ipv6/conf/eth0/disable_ipv6": "1"]))?.name
                == "net.ipv6.conf.eth0.disable_ipv6 = 1")
        #expect(culprit(answer("ipv6-disabled", [:], ["net/ipv6/conf/eth0/disable_ipv6": "0"])) == nil)
        func link(_ mtu: Int) -> [String: String] {
            ["ip -d -j link show dev eth0": #"[{"ifname":"eth0","flags":["UP"],"mtu":\#(mtu)}]"#]
        }
        #expect(culprit(answer("ipv6-disabled", link(1200)))?.name == "eth0 mtu 1200, less than 1280")
        #expect(culprit(answer("ipv6-disabled", link(1280))) == nil)
    }

    @Test func aForwardedPacketMeetsTheSettingOfTheDeviceThatDropsIt() {
        var evidence = Evidence.datagram()
        evidence.inDevice = Evidence.Device(name: "eth1", ifindex: 3, netns: 4_026_531_840)
        for (function, device) in [("ip6_rcv_core", "eth1"), ("ip6_output", "eth0")] {
            evidence.function = function
            let machine = FakeNamespace(commands: [:], sysctls: ["net/ipv6/conf/\(device)/disable_ipv6": "1"])
            let found = culprit(finders.answer(to: evidence, cause: "ipv6-disabled", in: machine))
            #expect(found?.name == "net.ipv6.conf.\(device).disable_ipv6 = 1")
        }
    }

    @Test func connectionTrackingIsFullOrItIsNot() {
        func table(_ count: String) -> [String: String] {
            ["net/netfilter/nf_conntrack_max": "100", "net/netfilter/nf_conntrack_count": count]
        }
        #expect(
            culprit(answer("conntrack-table-full", [:], table("100")))?.name == "net.netfilter.nf_conntrack_max = 100")
        #expect(culprit(answer("conntrack-table-full", [:], table("12"))) == nil)
    }

    @Test func outputThatIsNotUnderstoodIsADoubt() {
        #expect(
            doubt(answer("qdisc-drop", ["tc -s -j qdisc show dev eth0": "garbage"]))?.contains("not understood") == true
        )
    }
}
