import AttachPlanning
import Testing
import Tracers

/// Tracepoints of XDP, which have neither an skb nor a socket.
@Suite struct FramePlanTests {
    private let catalog: TracerCatalog

    init() throws { catalog = try TracerCatalog.embedded() }

    private func plan(_ wanted: [String]) throws -> AttachPlan {
        let kernel = KernelFixture.multi
        var inventory = kernel.inventory
        inventory.tracepoints["xdp_exception"] = KernelTracepoint(name: "xdp_exception", arguments: HookArguments())
        return try AttachPlan(
            TracerSelection(wanted: wanted, from: catalog), catalog: catalog, inventory: inventory,
            capabilities: kernel.capabilities)
    }

    @Test func itIsAttachedWithoutAnArgument() throws {
        let hook = try #require(plan(["xdp:xdp_exception"]).hooks.first)
        #expect(hook.frameLoss == .exception && hook.subject == .frame && hook.kind == .tracepoint)
    }
}
