import Culprits
import Diagnosis
import HostInspection
import Testing

/// Programs that others have installed: filters of sockets, BPF programs of cgroups and of security modules.
@Suite struct ProgramCulpritTests {
    private let finders = CulpritFinders()
    private static let sockets = [
        "ss -Hnuapmi sport = :53":
            "UNCONN 0 0 0.0.0.0:53 0.0.0.0:* users:((\"dns\",pid=9,fd=3))\n\t skmem:(r0,rb1,d0)\n"
    ]

    private func sent() -> Evidence {
        var evidence = Evidence.datagram()
        evidence.inDevice = nil
        evidence.function = "ip_finish_output"
        evidence.process = (15, "curl")
        return evidence
    }

    private func received() -> Evidence {
        var evidence = Evidence.datagram()
        evidence.function = "udp_queue_rcv_one_skb"
        return evidence
    }

    private let deny = ControlGroupProgram(group: "/app", id: 7, name: "deny")
    private let other = ControlGroupProgram(group: "/db", id: 8, name: "")

    @Test func theProgramOfTheProcesssGroupIsNamed() throws {
        let namespace = FakeNamespace(programs: [deny, other], groups: [15: "/app/web"])
        let found = try #require(culprit(finders.answer(to: sent(), cause: "cgroup-bpf", in: namespace)))
        #expect(found.name == "BPF program 7 \"deny\" on control group /app")
        #expect(found.values["cgroup"] == "/sys/fs/cgroup/app" && found.values["direction"] == "egress")
    }

    @Test func ofAProcessThatHasEndedOnlyASingleProgramCanBeNamed() {
        func answer(_ programs: [ControlGroupProgram]) -> CulpritAnswer {
            finders.answer(to: sent(), cause: "cgroup-bpf", in: FakeNamespace(programs: programs))
        }
        #expect(culprit(answer([deny])) != nil)
        #expect(culprit(answer([deny, other])) == nil && doubt(answer([deny, other])) != nil)
        #expect(doubt(answer([])) != nil)
    }

    @Test func anotherGroupsProgramIsNotAccused() {
        let namespace = FakeNamespace(programs: [deny], groups: [15: "/application"])
        #expect(culprit(finders.answer(to: sent(), cause: "cgroup-bpf", in: namespace)) == nil)
    }

    @Test func whatIsReceivedConcernsTheGroupOfTheReceiver() {
        var namespace = FakeNamespace(commands: Self.sockets, programs: [deny], groups: [9: "/app"])
        #expect(
            culprit(finders.answer(to: received(), cause: "cgroup-bpf", in: namespace))?.values["direction"]
                == "ingress")
        namespace.groups = [:]
        #expect(culprit(finders.answer(to: received(), cause: "cgroup-bpf", in: namespace)) == nil)
    }

    @Test func theSocketThatWantsNearPacketsIsNamed() {
        func answer(_ least: Int32) -> CulpritAnswer {
            let text = "LISTEN 0 8 10.0.0.2:80 0.0.0.0:* users:((\"bgp\",pid=9,fd=3))\n"
            let namespace = FakeNamespace(commands: ["ss -Hntapmi sport = :80": text], minimumTTLs: [9: least])
            return finders.answer(to: .segment(flags: 2), cause: "tcp-min-ttl", in: namespace)
        }
        #expect(culprit(answer(255))?.name == "tcp 10.0.0.2:80 of bgp (pid 9): IP_MINTTL 255")
        #expect(culprit(answer(64)) == nil && culprit(answer(0)) == nil)
    }

    @Test func theFilterOfTheSocketIsNamed() {
        func answer(_ filter: SocketFilter?) -> CulpritAnswer {
            let namespace = FakeNamespace(commands: Self.sockets, filters: filter.map { [9: $0] } ?? [:])
            return finders.answer(to: received(), cause: "socket-filter", in: namespace)
        }
        #expect(culprit(answer(.classic(1)))?.name == "filter of udp 0.0.0.0:53 of dns (pid 9)")
        #expect(culprit(answer(.classic(1)))?.details[0] == "classic BPF, 1 instruction")
        #expect(culprit(answer(.extended)) != nil)
        #expect(doubt(answer(SocketFilter.none))?.contains("has a filter") == true)
        #expect(doubt(answer(nil))?.contains("cannot be looked at") == true)
    }

    @Test func theProgramThatDecidesLikeASecurityModuleIsNamed() throws {
        var namespace = FakeNamespace()
        namespace.securityPrograms = [SecurityProgram(id: 9, name: "deny")]
        namespace.activeModules = ["capability", "apparmor", "bpf"]
        let found = try #require(culprit(finders.answer(to: received(), cause: "security-module", in: namespace)))
        #expect(found.name == "BPF LSM program 9 \"deny\"" && found.values["prog"] == "9")
        // Any active module may have refused.
        namespace.activeModules = nil
        #expect(doubt(finders.answer(to: received(), cause: "security-module", in: namespace)) != nil)
        namespace.activeModules = ["selinux", "bpf"]
        #expect(doubt(finders.answer(to: received(), cause: "security-module", in: namespace)) != nil)
        namespace.activeModules = ["bpf"]
        namespace.securityPrograms.append(SecurityProgram(id: 10, name: ""))
        #expect(doubt(finders.answer(to: received(), cause: "security-module", in: namespace)) != nil)
    }

    @Test func aModuleIsToBlameOnlyWhereItIsSeenToRefuse() throws {
        var namespace = FakeNamespace()
        namespace.activeModules = ["capability", "selinux", "bpf"]
        #expect(culprit(finders.answer(to: received(), cause: "security-module", in: namespace)) == nil)
        var refused = received()
        refused.returns = [
            .init(tracer: "security_sock_rcv_skb", number: -13, text: "-EACCES", surroundsDrop: false, event: 2)
        ]
        #expect(culprit(finders.answer(to: refused, cause: "security-module", in: namespace))?.name == "SELinux")
        namespace.activeModules = ["apparmor"]
        #expect(culprit(finders.answer(to: refused, cause: "security-module", in: namespace)) == nil)
    }
}
