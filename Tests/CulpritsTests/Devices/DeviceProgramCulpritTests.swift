import Culprits
import Diagnosis
import HostInspection
import Testing

/// Programs that tcx runs on a device.
@Suite struct DeviceProgramCulpritTests {
    private func answer(
        _ cause: String = "tc-action", in function: String?, _ programs: [Bool: [DeviceProgram]],
        _ commands: [String: String] = ["tc -j qdisc show dev eth0": #"[{"kind":"clsact"}]"#]
    ) -> CulpritAnswer {
        var evidence = Evidence.datagram()
        evidence.function = function
        return CulpritFinders().answer(
            to: evidence, cause: cause, in: FakeNamespace(commands: commands, devicePrograms: programs))
    }

    private let deny = DeviceProgram(id: 12, name: "deny")

    @Test func theOnlyOneOfTheDirectionIsToBlame() throws {
        let both = [false: [deny], true: [DeviceProgram(id: 13, name: "other")]]
        let found = try #require(culprit(answer(in: "__netif_receive_skb_core", both)))
        #expect(found.name == "BPF program 12 \"deny\" on eth0" && found.details == ["attached to tcx_ingress"])
        #expect(culprit(answer(in: "__dev_queue_xmit", both))?.details == ["attached to tcx_egress"])
        #expect(culprit(answer(in: nil, both)) == nil)
    }

    @Test func severalLeaveItOpen() {
        let several = [false: [deny, DeviceProgram(id: 14, name: "")]]
        guard case .oneOf(let suspects, _) = answer(in: "sch_handle_ingress", several) else {
            Issue.record("not left open")
            return
        }
        #expect(suspects.count == 2)
    }

    @Test func aFilterOfTcIsASuspectBesideIt() {
        let filter = "filter protocol all pref 1 bpf chain 0 handle 0x1 deny direct-action\n"
        let commands = [
            "tc -j qdisc show dev eth0": #"[{"kind":"clsact"}]"#, "tc -s filter show dev eth0 ingress": filter,
        ]
        guard case .oneOf(let suspects, _) = answer(in: "sch_handle_ingress", [false: [deny]], commands) else {
            Issue.record("not left open")
            return
        }
        #expect(suspects.count == 2)
    }

    @Test func noneOfThemIsAPolicer() {
        #expect(culprit(answer("tc-police", in: "sch_handle_ingress", [false: [deny]])) == nil)
    }
}
