import Analysis
import AttachPlanning
import Recording
import Testing
import Tracers

@testable import NettraceCLI

/// Recordings hold the roles of hooks; the catalog knows those of older recordings.
@Suite struct RecordedRoleTests {
    private let catalog: TracerCatalog

    init() throws { catalog = try TracerCatalog.embedded() }

    private func recorded(_ tracer: String, group: String, flags: TracerFlags = [], role: HookRole) -> RecordedHook {
        var enumerations = RecordedEnumerations()
        return RecordedHook(
            PlannedHook(
                tracer: tracer, group: group, kernelName: tracer, kind: .function, method: .kprobe,
                arguments: HookArguments(skb: 1), flags: flags, role: role), &enumerations)
    }

    @Test(arguments: HookRole.allCases)
    func aRoleSurvives(role: HookRole) {
        let hook = recorded("of_another_version", group: "of-another-version", flags: [.free, .drop], role: role)
        #expect(hook.showsEvents)
        let facts = hook.facts(by: catalog)
        #expect(facts.role == role && facts.flags == [.free, .drop])
    }

    /// Its bits are 0.
    @Test(arguments: [
        ("dev_hard_start_xmit", "link-out", HookRole.transmit), ("ip_rcv", "ip-in", .receive),
        ("__copy_skb_header", "life", .aside), ("of_another_version", "tcp-in", .receive),
        ("of_another_version", "kernel", .onward),
    ])
    func anOldRecordingGetsTheRoleOfTheCatalog(tracer: String, group: String, role: HookRole) {
        let hook = RecordedHook(tracer: tracer, group: group, kernelName: tracer, method: "kprobe", flags: 1)
        #expect(hook.facts(by: catalog).role == role)
    }

    @Test func aFunctionUnderAnotherShowsNoPlace() {
        let flags = UInt32(TracerFlags.under.rawValue)
        let hook = RecordedHook(tracer: "ip_rcv", group: "ip-in", kernelName: "ip_rcv", method: "kprobe", flags: flags)
        #expect(hook.facts(by: catalog).role == .aside)
    }

    @Test(arguments: UInt32(6)...15)
    func aRoleOfALaterVersionIsLookedUp(number: UInt32) {
        let hook = RecordedHook(
            tracer: "ip_rcv", group: "ip-in", kernelName: "ip_rcv", method: "kprobe", flags: number << 8)
        #expect(hook.facts(by: catalog).role == .receive)
    }
}
