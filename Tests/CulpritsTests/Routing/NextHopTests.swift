import Culprits
import Diagnosis
import Testing

/// Next hops of single packets, and of routes with several next hops.
@Suite struct NextHopTests {
    private static let route = """
        default via 192.0.2.9 dev eth1
        10.0.0.0/16 nexthop via 192.0.2.1 dev eth1 nexthop via 192.0.2.2 dev eth1
        """

    private func answer(_ neighbours: String, _ others: [String: String] = [:]) -> CulpritAnswer {
        let commands = [
            "ip -j route get 10.0.0.2": #"[{"dst":"10.0.0.2","gateway":"192.0.2.1","dev":"eth1"}]"#,
            "ip -4 route show table all": Self.route,
            "ip -j neigh show dev eth1": neighbours,
        ]
        return CulpritFinders().answer(
            to: .datagram(), cause: "neighbour-unresolved",
            in: FakeNamespace(commands: commands.merging(others) { $1 }))
    }

    @Test func theHopThatDoesNotAnswerIsNamedAndNotTheHealthyOne() throws {
        let found = try #require(
            culprit(answer(#"[{"dst":"192.0.2.1","state":["REACHABLE"]},{"dst":"192.0.2.2","state":["FAILED"]}]"#)))
        #expect(found.name == "192.0.2.2 dev eth1 FAILED")
        #expect(found.details.contains("it is a next hop of the route to 10.0.0.0/16"))
        #expect(culprit(answer(#"[{"dst":"192.0.2.1","state":["REACHABLE"]}]"#))?.name == "192.0.2.2 dev eth1")
        #expect(
            culprit(answer(#"[{"dst":"192.0.2.1","state":["STALE"]},{"dst":"192.0.2.2","state":["DELAY"]}]"#)) == nil)
    }

    /// A tunnel may determine the device of its packets.
    @Test func theDeviceOfTheLossIsTheWayOut() throws {
        var made = Evidence.datagram()
        made.inDevice = nil
        let namespace = FakeNamespace(commands: [
            "ip -j route get 10.0.0.2 oif eth0 ipproto udp sport 4000 dport 53": #"[{"dst":"10.0.0.2","dev":"eth0"}]"#,
            "ip -j neigh show dev eth0": #"[{"dst":"10.0.0.2","state":["FAILED"]}]"#,
        ])
        let answer = CulpritFinders().answer(to: made, cause: "neighbour-unresolved", in: namespace)
        #expect(culprit(answer)?.name == "10.0.0.2 dev eth0 FAILED")
    }

    /// Policy rules may route the packet by more than its destination.
    @Test func theKernelIsAskedForThisVeryPacket() throws {
        let whole = "ip -j route get 10.0.0.2 from 10.0.0.1 iif eth0 ipproto udp sport 4000 dport 53"
        let found = try #require(
            culprit(
                answer(
                    "[]",
                    [
                        whole: #"[{"dst":"10.0.0.2","gateway":"192.0.2.77","dev":"eth7","table":"100"}]"#,
                        "ip -j neigh show dev eth7": #"[{"dst":"192.0.2.77","state":["INCOMPLETE"]}]"#,
                    ])))
        #expect(found.name == "192.0.2.77 dev eth7 INCOMPLETE")
    }
}
