import Culprits
import Diagnosis
import Testing

/// Filters of tc that may have dropped a packet, by place, conditions and counters.
@Suite struct TrafficControlCulpritTests {
    private static let drop = """
        filter protocol ip pref 49152 u32 chain 0 fh 800::800 order 2048 key ht 800 bkt 0 terminal flowid not_in_hw (rule hit 1 success 1)
          match 0a000002/ffffffff at 16 (success 1 )\u{20}
        \taction order 1: gact action drop
        \t random type none pass val 0
        \t index 2 ref 1 bind 1 installed 0 sec used 0 sec
        \tAction statistics:
        \tSent 28 bytes 1 pkt (dropped 1, overlimits 0 requeues 0)\u{20}
        \tbacklog 0b 0p requeues 0
        """
    private static let flower = """
        filter protocol ip pref 10 flower chain 0\u{20}
        filter protocol ip pref 10 flower chain 0 handle 0x1\u{20}
          eth_type ipv4
          ip_proto udp
          dst_ip 10.0.0.0/24
          dst_port 53
        \taction order 1: gact action drop
        \tSent 28 bytes 1 pkt (dropped 1, overlimits 0 requeues 0)\u{20}
        """

    private func answer(
        _ filters: [String: String], qdiscs: String = "clsact", at function: String? = nil
    ) -> CulpritAnswer {
        var evidence = Evidence.frame(at: function)
        evidence.bytes = [0x45, 0, 0, 28, 0, 1, 0, 0, 64, 17, 0, 0, 10, 0, 0, 1, 10, 0, 0, 2, 0x0f, 0xa0, 0, 53]
        var commands = ["tc -j qdisc show dev eth0": #"[{"kind":"noqueue"},{"kind":"\#(qdiscs)"}]"#]
        for (place, text) in filters { commands["tc -s filter show dev eth0" + place] = text }
        return CulpritFinders().answer(
            to: evidence, cause: "tc-action", in: FakeNamespace(commands: commands))
    }

    @Test func theOnlyFilterThatDropsIsNamed() throws {
        let pass = "filter protocol all pref 1 matchall chain 0 handle 0x1\n\taction order 1: gact action pass\n"
        let found = try #require(culprit(answer([" ingress": Self.drop, " egress": pass])))
        #expect(found.values["pref"] == "49152" && found.values["direction"] == "ingress")
        #expect(!found.name.contains("rule hit"))
        #expect(found.details.contains("its actions have dropped 1 packets so far"))
        let bpf = "filter protocol all pref 9 bpf chain 0 handle 0x1 drop direct-action\n"
        let two = answer([" ingress": bpf, " egress": bpf])
        #expect(culprit(two) == nil && doubt(two) != nil)
    }

    /// An action that passes packets can drop some of them at random.
    @Test func anActionThatDropsAtRandomIsNamed() throws {
        func random(_ line: String) -> String {
            """
            filter protocol all pref 49152 matchall chain 0 handle 0x1
            \taction order 1: gact action pass
            \t \(line)
            \tSent 56 bytes 2 pkt (dropped 1, overlimits 0 requeues 0)
            """
        }
        #expect(culprit(answer([" ingress": random("random type determ drop val 1")])) != nil)
        #expect(culprit(answer([" ingress": random("random type none pass val 0")])) == nil)
    }

    @Test func thePlaceOfTheDropTellsTheDirection() throws {
        let both = [" ingress": Self.drop, " egress": Self.flower]
        #expect(
            try #require(culprit(answer(both, at: "__netif_receive_skb_core"))).values["direction"] == "ingress")
        #expect(try #require(culprit(answer(both, at: "__dev_queue_xmit"))).values["direction"] == "egress")
    }

    /// The kernel also lists them for the other direction.
    @Test func aQdiscForArrivingPacketsHasNoFiltersForLeavingOnes() throws {
        let found = answer([" ingress": Self.drop, " egress": Self.drop, "": Self.drop], qdiscs: "ingress")
        #expect(try #require(culprit(found)).values["direction"] == "ingress")
        #expect(culprit(answer([" ingress": Self.drop, "": Self.drop], qdiscs: "noqueue")) == nil)
    }

    @Test(arguments: [
        ("dst_port 53", "dst_port 54"), ("dst_ip 10.0.0.0/24", "dst_ip 10.0.1.0/24"), ("ip_proto udp", "ip_proto tcp"),
        ("protocol ip ", "protocol ipv6 "), ("(dropped 1", "(dropped 0"),
    ])
    func aFilterForOtherPacketsIsNotAccused(own: String, other: String) {
        #expect(culprit(answer([" ingress": Self.flower])) != nil)
        #expect(culprit(answer([" ingress": Self.flower.replacing(own, with: other)])) == nil)
        #expect(
            culprit(answer([" ingress": Self.drop.replacing("0a000002/", with: "0a000003/")])) == nil)
    }

    /// The first filter that certainly matches the packet has dropped it.
    @Test func ofTwoFiltersTheFirstIsToBlame() throws {
        let found = answer([" ingress": Self.flower + "\n" + Self.drop])
        #expect(try #require(culprit(found)).values["pref"] == "10")
    }

    @Test func aFilterOfAQdiscWithClassesIsRemovedByItsParent() throws {
        let text = Self.drop.replacing("filter protocol", with: "filter parent 1: protocol")
        let found = try #require(culprit(answer(["": text], qdiscs: "prio")))
        #expect(found.values["direction"] == "parent 1:")
    }
}
