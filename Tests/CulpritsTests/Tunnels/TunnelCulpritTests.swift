@testable import Culprits
import Diagnosis
import Protocols
import Testing

/// Tunnels without a device at this end, and policies that require a tunnel.
@Suite struct TunnelCulpritTests {
    private func answer(_ evidence: Evidence, _ commands: [String: String]) -> CulpritAnswer {
        CulpritFinders().answer(to: evidence, cause: "tunnel-no-device", in: FakeNamespace(commands: commands))
    }

    /// From 10.0.0.1 to 10.0.0.2.
    private static func evidence(_ proto: UInt8, _ payload: [UInt8]) -> Evidence {
        var evidence = Evidence.datagram()
        let length = UInt8(20 + payload.count)
        let bytes: [UInt8] = [0x45, 0, 0, length, 0, 1, 0, 0, 64, proto, 0, 0, 10, 0, 0, 1, 10, 0, 0, 2] + payload
        evidence.packet = Packet(
            decoding: bytes.span.bytes, layout: PacketLayout(startsAtLink: false, networkOffset: 0, etherType: 0x0800))
        evidence.bytes = bytes
        return evidence
    }

    private static let vxlan = evidence(
        17, [0x13, 0x88, 0x12, 0xb5, 0, 38, 0, 0, 8, 0, 0, 0, 0, 0, 77, 0] + [UInt8](repeating: 0, count: 22))

    private func devices(_ settings: String) -> [String: String] {
        [
            "ip -d -j link show type vxlan":
                #"[{"ifname":"vx","flags":["UP"],"linkinfo":{"info_kind":"vxlan","info_data":{"port":4789,\#(settings)}}}]"#
        ]
    }

    @Test func theNetworkThatNoDeviceHasIsNamed() throws {
        let found = try #require(culprit(answer(Self.vxlan, devices(#""id":42"#))))
        #expect(found.name == "VXLAN VNI 77 from 10.0.0.1 to 10.0.0.2: no device here fits")
        #expect(found.details == ["vx has VNI 42"])
        #expect(found.values["vni"] == "77")
        #expect(culprit(answer(Self.vxlan, ["ip -d -j link show type vxlan": "[]"]))?.details.count == 1)
    }

    @Test func aDeviceThatMayTakeItIsADoubt() {
        #expect(doubt(answer(Self.vxlan, devices(#""id":77"#))) != nil)
        #expect(doubt(answer(Self.vxlan, devices(#""external":true"#))) != nil)
        #expect(answer(.datagram(), [:]) == .none)
    }

    @Test func ipInIPNeedsItsAddresses() throws {
        let inner: [UInt8] = [0x45, 0, 0, 20, 0, 0, 0, 0, 64, 17, 0, 0, 1, 1, 1, 1, 2, 2, 2, 2]
        func answer(_ settings: String) -> CulpritAnswer {
            self.answer(
                Self.evidence(4, inner),
                [
                    "ip -d -j link show type ipip":
                        #"[{"ifname":"tun","flags":["UP"],"linkinfo":{"info_kind":"ipip","info_data":{\#(settings)}}}]"#,
                    "ip -d -j link show type sit": "[]", "ip -d -j link show type vti": "[{}]",
                ])
        }
        let found = try #require(culprit(answer(#""local":"10.0.0.2","remote":"10.0.0.3""#)))
        #expect(found.name == "IP in IPv4 from 10.0.0.1 to 10.0.0.2: no device here fits")
        #expect(found.details == ["tun has local 10.0.0.2, remote 10.0.0.3"])
        #expect(culprit(answer(#""local":"any","remote":"10.0.0.1""#)) == nil)
        #expect(
            culprit(answer(#""local":"any","remote":"any""#))?.details
                == ["this network namespace has no such device: ipip, sit, vti"])
    }

    @Test func aVXLANDeviceWithoutARemoteEndIsNamed() {
        func sent(_ entries: String) -> CulpritAnswer {
            CulpritFinders().answer(
                to: .frame(on: "vx", at: "vxlan_xmit"), cause: "bridge-no-target",
                in: FakeNamespace(commands: ["bridge -j fdb show dev vx": entries]))
        }
        #expect(culprit(sent("[]"))?.name == "vx: no remote end for 02:00:00:00:00:02")
        #expect(culprit(sent(#"[{"mac":"00:00:00:00:00:00","dst":"10.0.0.9","flags":["self"]}]"#)) == nil)
    }

    private func gre(_ settings: String) -> CulpritAnswer {
        let keyed = Self.evidence(
            47, [0x20, 0, 0x08, 0, 0, 0, 0, 9, 0x45, 0, 0, 20, 0, 0, 0, 0, 64, 17, 0, 0, 1, 1, 1, 1, 2, 2, 2, 2])
        return answer(
            keyed,
            [
                "ip -d -j link show type gre":
                    #"[{"ifname":"gre0","flags":[],"linkinfo":{"info_kind":"gre","info_data":{"remote":"any","local":"any"}}},{"ifname":"tun","flags":["UP"],"linkinfo":{"info_kind":"gre","info_data":{\#(settings)}}}]"#,
                "ip -d -j link show type gretap": "[]", "ip -d -j link show type erspan": "[{}]",
            ])
    }

    @Test func theKeyThatNoDeviceHasIsNamed() throws {
        let found = try #require(culprit(gre(#""local":"10.0.0.2","remote":"10.0.0.1","ikey":"0.0.0.4""#)))
        #expect(found.name == "GRE key 9 from 10.0.0.1 to 10.0.0.2: no device here fits")
        #expect(found.details == ["tun has key 0.0.0.4, local 10.0.0.2, remote 10.0.0.1"])
        #expect(culprit(gre(#""local":"10.0.0.2","remote":"any","ikey":"0.0.0.9""#)) == nil)
    }

    /// The causes whose culprit is found for a packet that a GRE device refused.
    private func refused(_ flags: UInt8, _ settings: String) -> [String] {
        let options: [UInt8] = flags == 0 ? [] : [0, 0, 0, 0]
        var evidence = Self.evidence(
            47, [flags, 0, 0x08, 0] + options + [0x45, 0, 0, 20, 0, 0, 0, 0, 64, 17, 0, 0, 1, 1, 1, 1, 2, 2, 2, 2])
        evidence.function = "ip_tunnel_rcv"
        let device =
            #"[{"ifname":"tun","flags":["UP"],"linkinfo":{"info_kind":"gre","info_data":{"remote":"10.0.0.1",\#(settings)}}}]"#
        let namespace = FakeNamespace(commands: [
            "ip -d -j link show type gre": device, "ip -d -j link show type gretap": "[]",
            "ip -d -j link show type erspan": "[]",
        ])
        return ["tunnel-header", "tunnel-ecn"].compactMap { cause in
            culprit(CulpritFinders().answer(to: evidence, cause: cause, in: namespace))?.name
        }
    }

    @Test func theOptionThatTheTunnelHeaderDoesNotMeetIsNamed() {
        #expect(refused(0, #""icsum":true"#) == ["tun expects checksums (icsum)"])
        #expect(refused(0x80, #""local":"any""#) == ["tun expects no checksums (noicsum)"])
        #expect(refused(0, #""iseq":true"#) == ["tun expects sequence numbers (iseq)"])
        #expect(refused(0x10, #""iseq":true"#).isEmpty, "it may have been overtaken")
        #expect(refused(0x80, #""icsum":true"#).isEmpty)
    }

    @Test func contradictingMarksAreReadFromTheInnerHeader() {
        func answer(_ service: UInt8) -> CulpritAnswer {
            var evidence = Evidence.datagram().with(
                [0x45, service, 0, 28, 0, 9, 0, 0, 64, 17, 0, 0, 1, 1, 1, 1, 2, 2, 2, 2]
                    + [UInt8](repeating: 0, count: 8))
            evidence.function = "ip_tunnel_rcv"
            return CulpritFinders().answer(to: evidence, cause: "tunnel-ecn", in: FakeNamespace())
        }
        #expect(culprit(answer(0)) != nil)
        #expect(culprit(answer(1)) == nil)
    }

    private func policy(_ text: String, _ evidence: Evidence = .datagram()) -> CulpritAnswer {
        CulpritFinders().answer(
            to: evidence, cause: "xfrm-policy", in: FakeNamespace(commands: ["ip xfrm policy show": text]))
    }

    private static let wanted = """
        src 10.0.0.0/24 dst 10.0.0.2/32 proto udp dport 53
        \tdir in priority 5 ptype main
        \ttmpl src 0.0.0.0 dst 0.0.0.0
        \t\tproto esp reqid 0 mode transport

        """

    @Test func thePolicyThatWantsProtectionIsNamed() throws {
        let found = try #require(culprit(policy(Self.wanted)))
        #expect(found.name.hasPrefix("src 10.0.0.0/24 dst 10.0.0.2/32 proto udp dport 53 dir in"))
        #expect(culprit(policy(Self.wanted, .datagram(port: 54))) == nil)
        #expect(culprit(policy(Self.wanted.replacing("dir in", with: "dir out"))) == nil)
        #expect(culprit(policy(Self.wanted.replacing("transport", with: "transport level use"))) == nil)
    }

    @Test func theBlockingPolicyIsNamed() {
        let text = """
            src 10.0.0.0/24 dst 10.0.0.2/32
            \tdir in action block priority 0
            src 10.1.0.0/24 dst 10.1.0.2/32
            \tdir in action block priority 0
            """
        #expect(culprit(policy(text))?.name == "src 10.0.0.0/24 dst 10.0.0.2/32 dir in action block priority 0")
    }

    /// Forwarded packets pass policies of both directions; ip(8) accepts the selector as it prints it.
    @Test func whatIsForwardedMayBeBlockedByAPolicyForOutput() throws {
        let text = "src 10.0.0.0/24 dst 10.0.0.0/8\n\tdir out action block priority 0 ptype main\n"
        var forwarded = Evidence.datagram()
        forwarded.function = "ip_forward"
        let found = try #require(culprit(policy(text, forwarded)))
        #expect(found.name == "src 10.0.0.0/24 dst 10.0.0.0/8 dir out action block priority 0 ptype main")
        #expect(found.values["rule"] == "src 10.0.0.0/24 dst 10.0.0.0/8 dir out")
        #expect(culprit(policy(text)) == nil)
        #expect(culprit(policy(text.replacing("dir out", with: "dir fwd"), forwarded)) != nil)
        forwarded.returns = [
            .init(tracer: "xfrm_route_forward", number: 0, text: "0", surroundsDrop: true, event: 1)
        ]
        #expect(culprit(policy(text.replacing("dir out", with: "dir fwd"), forwarded)) == nil)
    }

    @Test func thePolicyThatComesFirstDecides() {
        let passes = "src 0.0.0.0/0 dst 0.0.0.0/0\n\tdir in priority 1\n"
        #expect(culprit(policy(Self.wanted + passes)) == nil)
        let equal = "src 0.0.0.0/0 dst 0.0.0.0/0\n\tdir in action block priority 5\n"
        guard case .oneOf(let suspects, _) = policy(Self.wanted + equal) else {
            Issue.record("not left open")
            return
        }
        #expect(suspects.count == 2)
        #expect(culprit(policy(Self.wanted.replacing("priority 5", with: "priority 5 if_id 0x7"))) == nil)
    }
}
