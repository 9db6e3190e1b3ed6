import AttachPlanning
import CNettraceBPF
import Testing
import Tracers

@testable import KernelAccess

@Suite struct SocketHookTests {
    private func cookie(_ event: SocketEvent, _ arguments: HookArguments, stack: Bool = false) -> UInt64 {
        var hook = PlannedHook(
            tracer: "t", group: "g", kernelName: "t", kind: .tracepoint, method: .tracepoint, arguments: arguments,
            flags: [.drop, .free], role: .onward)
        hook.socketEvent = event
        hook.recordsStack = stack
        return hook.cookie(index: 0x1234)
    }

    private func field(_ cookie: UInt64, _ shift: Int32, _ mask: UInt64 = 0xf) -> UInt64 {
        cookie >> UInt64(shift) & mask
    }

    @Test func aChangeOfStateTellsWhereItsStatesAre() {
        var arguments = HookArguments(sock: 1)
        arguments.numbers = [2, 3, 4]
        let cookie = cookie(.state, arguments)
        #expect(field(cookie, NT_COOKIE_HOOK_SHIFT, 0xffff) == 0x1234)
        #expect(field(cookie, NT_COOKIE_SOCK_SHIFT) == 1)
        #expect(field(cookie, NT_COOKIE_REASON_SHIFT) == 2)
        #expect(field(cookie, NT_COOKIE_LOCATION_SHIFT) == 3)
        #expect(field(cookie, NT_COOKIE_MEMBER_SHIFT, 0xff) == UInt64(NT_SOCK_STATE))
        // The flags of packet hooks have no meaning here.
        #expect(field(cookie, NT_COOKIE_FLAGS_SHIFT, 0xffff) == 0)
    }

    @Test func aResetTellsWhereItsReasonIs() {
        var arguments = HookArguments(skb: 2, sock: 1)
        arguments.numbers = [4]
        #expect(field(cookie(.resetSent, arguments), NT_COOKIE_REASON_SHIFT) == 0)
        arguments.resetReason = 3
        let told = cookie(.resetSent, arguments, stack: true)
        #expect(field(told, NT_COOKIE_REASON_SHIFT) == 3)
        #expect(field(told, NT_COOKIE_SKB_SHIFT) == 2)
        #expect(field(told, NT_COOKIE_FLAGS_SHIFT, 0xffff) == UInt64(NT_HOOK_STACK))
    }

    @Test func whatIsOutOfReachIsLeftOut() {
        var arguments = HookArguments(skb: 1, skbMember: 8, sock: 2)
        arguments.request = 6
        arguments.numbers = [17]
        let cookie = cookie(.state, arguments)
        #expect(field(cookie, NT_COOKIE_SKB_SHIFT) == 0)
        #expect(field(cookie, NT_COOKIE_REASON_SHIFT) == 0)
        #expect(cookie >> UInt64(NT_COOKIE_MEMBER_SHIFT + 8) & 0xf == 0)
        arguments.request = 3
        #expect(self.cookie(.synack, arguments) >> UInt64(NT_COOKIE_MEMBER_SHIFT + 8) & 0xf == 3)
    }

    @Test func anomaliesAreEndsWithoutAHandshake() {
        var limits = nt_limits()
        var wanted = EventLimits()
        func changes() -> [UInt16] {
            wanted.write(to: &limits)
            return withUnsafeBytes(of: limits.changes) { Array($0.bindMemory(to: UInt16.self)) }
        }
        #expect(changes() == [UInt16](repeating: .max, count: 16))
        #expect(limits.per_second == 0)
        wanted.onlyAnomalies = true
        wanted.perSecond = 7
        let close: UInt16 = 1 << 7
        #expect(changes() == [0, close, close, close, close, 0, 0, 0, close, 0, 0, 0, 0, 0, 0, 0])
        #expect(limits.per_second == 7)
    }
}
