import Culprits
@testable import Diagnosis
import Testing

@Suite struct SocketCulpritTests {
    private let finders = CulpritFinders()

    private func answer(_ cause: String, _ evidence: Evidence, _ commands: [String: String]) -> CulpritAnswer {
        finders.answer(to: evidence, cause: cause, in: FakeNamespace(commands: commands))
    }

    private var overflow: Evidence {
        var evidence = Evidence.datagram(port: 80, proto: 6)
        evidence.reason = "SKB_DROP_REASON_TCP_LISTEN_OVERFLOW"
        return evidence
    }

    @Test func aListenerOfTheOtherFamilyIsTold() throws {
        let text = "UNCONN 0 0 [::]:53 [::]:* users:((\"dns\",pid=15,fd=4))\n"
        let found = try #require(culprit(answer("no-listener", .datagram(), ["ss -Hlnup sport = :53": text])))
        #expect(found.details == ["udp [::]:53 of dns (pid 15) takes IPv6 only (IPV6_V6ONLY)"])
    }

    @Test func aListenerOnAnotherAddressIsNamed() throws {
        let found = try #require(
            culprit(
                answer(
                    "no-listener", .datagram(),
                    ["ss -Hlnup sport = :53": "UNCONN 0 0 127.0.0.1:53 0.0.0.0:* users:((\"dnsmasq\",pid=15,fd=4))\n"]))
        )
        #expect(found.name == "no socket for udp 10.0.0.2 port 53")
        #expect(found.details == ["udp 127.0.0.1:53 of dnsmasq (pid 15) listens on another address or device"])
    }

    @Test func aSocketThatServesOnePeerIsNamed() throws {
        let commands = [
            "ss -Hlnup sport = :53": "",
            "ss -Hnuapmi sport = :53":
                "ESTAB 0 0 10.0.0.2:53 10.0.0.9:99 users:((\"dns\",pid=9,fd=3))\n\t skmem:(r0,rb1,d0)\n",
        ]
        let found = try #require(culprit(answer("no-listener", .datagram(), commands)))
        #expect(found.details == ["udp 10.0.0.2:53 of dns (pid 9) takes packets of 10.0.0.9:99 only: it is connected"])
    }

    @Test func nobodyAtAllIsSaid() throws {
        let found = try #require(culprit(answer("no-listener", .datagram(), ["ss -Hlnup sport = :53": ""])))
        #expect(found.details[0].hasPrefix("nothing in this network namespace"))
    }

    @Test func aListenerThatWouldFitIsADoubt() {
        let text = "UNCONN 0 0 *:53 *:*\n"
        #expect(doubt(answer("no-listener", .datagram(), ["ss -Hlnup sport = :53": text])) != nil)
    }

    @Test func aListenerOnAnotherDeviceIsNamed() throws {
        let text = "UNCONN 0 0 0.0.0.0%eth7:53 0.0.0.0:*\n"
        let found = try #require(culprit(answer("no-listener", .datagram(), ["ss -Hlnup sport = :53": text])))
        #expect(found.details[0].contains("udp 0.0.0.0%eth7:53"))
    }

    @Test(arguments: [("right", "0", true), ("red", "0", true), ("right", "1", false), ("left", "0", false)])
    func aSocketWithoutAVRFDoesNotServeOne(device: String, accept: String, isCulprit: Bool) {
        var evidence = Evidence.datagram()
        evidence.inDevice = .init(name: device, ifindex: 3, netns: 4_026_531_840)
        let link = "[{\"ifname\":\"%\",\"flags\":[\"UP\"],"
        let namespace = FakeNamespace(
            commands: [
                "ss -Hlnup sport = :53": "UNCONN 0 0 0.0.0.0:53 0.0.0.0:* users:((\"dns\",pid=15,fd=4))\n",
                "ip -d -j link show dev right": link.replacing("%", with: "right")
                    + "\"master\":\"red\",\"linkinfo\":{\"info_slave_kind\":\"vrf\"}}]",
                "ip -d -j link show dev red": link.replacing("%", with: "red")
                    + "\"linkinfo\":{\"info_kind\":\"vrf\"}}]",
                "ip -d -j link show dev left": link.replacing("%", with: "left") + "\"master\":\"br0\"}]",
            ], sysctls: ["net/ipv4/udp_l3mdev_accept": accept])
        let found = culprit(finders.answer(to: evidence, cause: "no-listener", in: namespace))
        #expect(found?.name == (isCulprit ? "net.ipv4.udp_l3mdev_accept = 0" : nil))
        #expect(found == nil || found?.details[0].contains("the VRF red, and udp 0.0.0.0:53 of dns (pid 15)") == true)
    }

    @Test(arguments: [("20", true), ("7", false)])
    func memoryOfAllSocketsHasItsNumbers(used: String, isCulprit: Bool) {
        let namespace = FakeNamespace(
            commands: [
                "ss -Hanpm -u": """
                UNCONN 9 0 0.0.0.0:53 0.0.0.0:* users:(("dns",pid=15,fd=4)) skmem:(r70000,rb212992,t0,tb1,f0,w0,o0,bl0,d5)
                UNCONN 0 0 0.0.0.0:99 0.0.0.0:* users:(("x",pid=16,fd=4)) skmem:(r0,rb212992,t0,tb1,f0,w0,o0,bl0,d0)
                """
            ], sysctls: ["net/ipv4/udp_mem": "8\t9\t10"],
            files: ["sockstat": "sockets: used 9\nTCP: inuse 1 mem 900\nUDP: inuse 2 mem \(used)\nUDPLITE: inuse 0\n"])
        let answer = finders.answer(to: .datagram(), cause: "socket-memory", in: namespace)
        #expect(culprit(answer)?.name == (isCulprit ? "net.ipv4.udp_mem = 8 9 10" : nil))
        #expect(isCulprit || doubt(answer)?.contains("7 of 10 pages") == true)
        guard isCulprit else { return }
        #expect(culprit(answer)?.details[1].contains("udp 0.0.0.0:53 of dns (pid 15) holds most: 70000 bytes") == true)
        #expect(culprit(answer)?.values["limit"] == "40 40 40")
    }

    @Test func aFullAcceptQueueHasItsNumbers() throws {
        let found = try #require(
            culprit(
                answer(
                    "accept-queue-full", overflow,
                    ["ss -Hntapmi sport = :80": "LISTEN 6 5 0.0.0.0:80 0.0.0.0:* users:((\"web\",pid=9,fd=3))\n"])))
        #expect(found.name == "tcp 0.0.0.0:80 of web (pid 9)")
        #expect(found.details[0] == "6 connections wait to be accepted; the backlog is 5")
        #expect(found.values["limit"] == "5")
    }

    @Test func anAcceptQueueWithRoomAccusesNobody() {
        let commands = ["ss -Hntapmi sport = :80": "LISTEN 5 5 0.0.0.0:80 0.0.0.0:*\n"]
        #expect(culprit(answer("accept-queue-full", overflow, commands)) == nil)
    }

    @Test func theReceiveBufferIsReadOffTheMemoryOfTheSocket() throws {
        let text = """
            UNCONN 213504 0 10.0.0.2:53 0.0.0.0:* users:(("slow",pid=7,fd=3))
            \t skmem:(r213504,rb212992,t0,tb212992,f512,w0,o0,bl0,d41)
            UNCONN 0 0 127.0.0.1:53 0.0.0.0:*
            \t skmem:(r0,rb212992,t0,tb212992,f0,w0,o0,bl0,d0)
            """
        let found = try #require(
            culprit(answer("receive-buffer-full", .datagram(), ["ss -Hanupm sport = :53": text])))
        #expect(found.name == "udp 10.0.0.2:53 of slow (pid 7)")
        #expect(
            found.details == [
                "its receive buffer holds 212992 bytes (kernel memory), of which 213504 are in use now",
                "it has dropped 41 packets since it was opened",
            ])
    }

    @Test func aBufferWithRoomIsToBlameOnlyIfTheKernelSaysSo() {
        let text = "UNCONN 0 0 10.0.0.2:53 0.0.0.0:* \n\t skmem:(r0,rb212992,t0,tb212992,f0,w0,o0,bl0,d1)"
        var evidence = Evidence.datagram()
        func named() -> Culprit? { culprit(answer("receive-buffer-full", evidence, ["ss -Hanupm sport = :53": text])) }
        #expect(named() == nil)
        evidence.returns = [
            .init(tracer: "__udp_enqueue_schedule_skb", number: -12, text: "-12", surroundsDrop: false, event: 0)
        ]
        #expect(named() != nil)
        evidence.returns = []
        evidence.reason = "SOCKET_RCVBUFF"
        #expect(named() != nil)
    }

    @Test func aConnectionNeedsNoListener() {
        let commands = [
            "ss -Hlntp sport = :80": "", "ss -Hntapmi sport = :80": "ESTAB 0 0 10.0.0.2:80 10.0.0.1:4000\n",
        ]
        #expect(culprit(answer("no-listener", .segment(flags: 0x10), commands)) == nil)
    }

    @Test func aMachineThatCannotBeAskedIsADoubt() {
        #expect(doubt(answer("no-listener", .datagram(), [:]))?.contains("no such command") == true)
    }

    @Test func causesWithoutAFinderHaveNoCulprit() {
        #expect(answer("unspecified", .datagram(), [:]) == .none)
    }
}
