import Culprits
import Diagnosis
import Testing

/// Virtual services without servers, and connections whose server was removed.
@Suite struct IPVSCulpritTests {
    /// A datagram from 10.0.0.1 port 4000 to 10.0.0.2 port 53, on its way to a socket.
    private func answer(
        _ services: String?, connections: String = "", keepsConnections: Bool = true,
        _ change: (inout Evidence) -> Void = { _ in }
    ) -> CulpritAnswer {
        var evidence = Evidence.datagram()
        evidence.stack = ["nf_hook_slow+0x90", "ip_local_deliver+0xd0"]
        change(&evidence)
        var machine = FakeNamespace(sysctls: ["net/ipv4/vs/expire_nodest_conn": keepsConnections ? "0" : "1"])
        machine.files["ip_vs"] = services.map { Self.head + $0 }
        machine.files["ip_vs_conn"] =
            "Pro FromIP   FPrt ToIP     TPrt DestIP   DPrt State       Expires PEName PEData\n" + connections
        return CulpritFinders().answer(to: evidence, cause: "ipvs-no-destination", in: machine)
    }

    private static let head = """
        IP Virtual Server version 1.2.1 (size=4096)
        Prot LocalAddress:Port Scheduler Flags
          -> RemoteAddress:Port Forward Weight ActiveConn InActConn

        """
    private static let service = "UDP  0A000002:0035 rr  \n"
    private static func server(_ weight: Int) -> String {
        "  -> 0A000003:1F90      Masq    \(weight)      0          0         \n"
    }
    private static let connection = "UDP 0A000001 0FA0 0A000002 0035 0A000003 1F90 UDP             298\n"

    @Test func aServiceWithoutServersIsNamed() throws {
        let found = try #require(culprit(answer(Self.service)))
        #expect(found.name == "IPVS service udp 10.0.0.2:53 (rr)")
        #expect(found.details == ["it has no server"])
        #expect(found.values == ["ipvs": "-u 10.0.0.2:53"])
    }

    @Test func serversOfWeightZeroAreNone() throws {
        let found = try #require(culprit(answer("TCP  0A000002:0035 wlc \n" + Self.service + Self.server(0))))
        #expect(found.details == ["all its servers have weight 0: 10.0.0.3:8080"])
        #expect(found.values["server"] == "10.0.0.3:8080")
        #expect(culprit(answer(Self.service + Self.server(1))) == nil)
        #expect(culprit(answer(Self.service + Self.server(0) + Self.server(1))) == nil)
    }

    @Test func theServiceIsTheOneThatTheKernelTakes() throws {
        let anyPort = "UDP  0A000002:0000 rr  persistent 300 FFFFFFFF\n"
        #expect(culprit(answer(anyPort))?.name == "IPVS service udp 10.0.0.2:0 (rr)")
        #expect(culprit(answer(anyPort + Self.service + Self.server(1))) == nil)
        let marked = try #require(
            culprit(answer("FWM  0000001F wrr \n" + Self.service + Self.server(1)) { $0.mark = 31 }))
        #expect(marked.name == "IPVS service of mark 31, asked for by 10.0.0.2:53 (wrr)")
        #expect(marked.values["ipvs"] == "-f 31")
        for other in ["TCP  0A000002:0035 rr \n", "UDP  0A000002:0050 rr \n", "UDP  0A000009:0035 rr \n", ""] {
            #expect(culprit(answer(other)) == nil)
        }
    }

    @Test func aConnectionThatKeepsItsRemovedServerIsNamed() throws {
        let found = try #require(culprit(answer(Self.service, connections: Self.connection)))
        #expect(found.name == "IPVS connection udp 10.0.0.1:4000 → 10.0.0.2:53 → 10.0.0.3:8080")
        #expect(culprit(answer("", connections: Self.connection)) != nil)
        #expect(culprit(answer(Self.service + Self.server(0), connections: Self.connection)) == nil)
        #expect(culprit(answer(Self.service, connections: Self.connection, keepsConnections: false)) == nil)
    }

    @Test func whatIPVSDoesNotDropIsNotBlamedOnIt() {
        #expect(culprit(answer(nil)) == nil)
        #expect(culprit(answer(Self.service) { $0.function = "nft_do_chain" }) == nil)
        #expect(culprit(answer(Self.service) { $0.stack = ["nf_hook_slow+0x90", "ip_forward+0x1"] }) == nil)
        let web = "TCP  0A000002:0050 rr  \n"
        #expect(culprit(answer(web) { $0.packet = Evidence.segment(flags: 0x02).packet }) != nil)
        #expect(culprit(answer(web) { $0.packet = Evidence.segment(flags: 0x10).packet }) == nil)
    }

    @Test func addressesOfIPv6AreRead() throws {
        let table = "UDP  [fd09:0000:0000:0000:0000:0000:0000:0002]:0035 rr \n"
        let found = try #require(culprit(answer(table) { $0.packet = Evidence.datagramOverIPv6.packet }))
        #expect(found.name == "IPVS service udp [fd09::2]:53 (rr)")
    }
}
