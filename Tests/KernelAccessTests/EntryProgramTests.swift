import AttachPlanning
import CNettraceBPF
import Testing
import Tracers

@testable import KernelAccess

@Suite struct EntryProgramTests {
    private func choice(
        _ arguments: HookArguments, _ purpose: HookPurpose = .event, tracking: PacketTracking? = nil
    ) -> EntryProgram {
        var hook = PlannedHook(
            tracer: "t", group: "g", kernelName: "t", kind: .function, method: .kprobeMulti, arguments: arguments,
            role: .onward)
        hook.purpose = purpose
        return EntryProgram(hook, in: AttachPlan(hooks: [hook], tracking: tracking))
    }

    @Test func anSkbInFrontHasItsProgram() {
        #expect(choice(HookArguments(skb: 1)) == .first)
        #expect(choice(HookArguments(skb: 1, sock: 2)) == .first)
    }

    @Test func whatOnlyTheCookieTellsHasTheGeneralOne() {
        #expect(choice(HookArguments(skb: 2, sock: 1)) == .any)
        #expect(choice(HookArguments(sock: 1)) == .any)
        #expect(choice(HookArguments(skb: 1, skbMember: 8)) == .any)
        #expect(choice(HookArguments(skb: 1), .end) == .any)
        #expect(choice(HookArguments(skb: 1, original: 2), .link) == .any)
    }

    @Test func aCallThatMarksItsEndHasItsReturnProbed() {
        var hook = PlannedHook(
            tracer: "t", group: "g", kernelName: "t", kind: .function, method: .kprobe,
            arguments: HookArguments(skb: 1), role: .onward)
        hook.marksReturn = true
        #expect(hook.cookie(index: 0) >> UInt64(NT_COOKIE_FLAGS_SHIFT) == UInt64(NT_HOOK_RETURN))
        var config = nt_config()
        TraceConfiguration().write(to: &config, plan: AttachPlan(hooks: [hook]))
        #expect(config.flags & UInt32(NT_CONFIG_UNSHOWN_RETURNS) != 0)
        hook.recordsReturn = true
        TraceConfiguration().write(to: &config, plan: AttachPlan(hooks: [hook]))
        #expect(config.flags & UInt32(NT_CONFIG_UNSHOWN_RETURNS) == 0)
    }

    @Test func trackingDependsOnTheHook() {
        #expect(choice(HookArguments(skb: 1), tracking: PacketTracking(seesLinks: true, seesEnds: true)) == .any)
        #expect(choice(HookArguments(skb: 1), tracking: PacketTracking(seesLinks: false, seesEnds: false)) == .any)
    }
}
