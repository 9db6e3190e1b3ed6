import AttachPlanning
import Testing
import Tracers

/// BPF programs of others as hooks.
@Suite struct ProgramPlanTests {
    private let catalog: TracerCatalog

    init() throws { catalog = try TracerCatalog.embedded() }

    private func program(_ id: UInt32, _ family: ProgramFamily, function: UInt32? = 5) -> KernelProgram {
        KernelProgram(id: id, name: "p\(id)", family: family, type: 6, tag: 1, function: function)
    }

    private func plan(_ wanted: [String], _ programs: [KernelProgram]?) throws -> AttachPlan {
        let kernel = KernelFixture.multi
        var inventory = kernel.inventory
        inventory.programs = programs
        return try AttachPlan(
            TracerSelection(wanted: wanted, from: catalog), catalog: catalog, inventory: inventory,
            capabilities: kernel.capabilities)
    }

    @Test func eachProgramIsAHook() throws {
        let plan = try plan(["bpf"], [program(7, .xdp), program(9, .tc), program(11, .xdp)])
        #expect(plan.hooks.map(\.tracer) == ["bpf:xdp", "bpf:xdp", "bpf:tc"])
        #expect(plan.hooks.map(\.title) == ["bpf:xdp p7 (id 7)", "bpf:xdp p11 (id 11)", "bpf:tc p9 (id 9)"])
        #expect(plan.hooks.allSatisfy { $0.method == .programCopies && $0.kind == .program })
        #expect(plan.skipped.isEmpty)
    }

    @Test func programsWithoutTypesAreLeftOutByName() throws {
        let plan = try plan(["bpf:xdp"], [program(7, .xdp), program(8, .xdp, function: nil)])
        #expect(plan.hooks.map(\.kernelName) == ["p7 (id 7)"])
        #expect(
            plan.skipped == [SkippedTracer(tracer: "bpf:xdp p8 (id 8)", group: "bpf", reason: .untypedProgram)])
    }

    @Test func aMissingProgramIsAnErrorWhereItWasNamed() throws {
        #expect(throws: AttachPlanError.unavailable(tracer: "bpf:xdp", reason: .noPrograms(.xdp), nearest: [])) {
            do { _ = try self.plan(["bpf:xdp"], [self.program(9, .tc)]) } catch AttachPlanError.unavailable(
                let tracer, let reason, _)
            { throw AttachPlanError.unavailable(tracer: tracer, reason: reason, nearest: []) }
        }
        #expect(try plan(["bpf"], [program(9, .tc)]).skipped.map(\.reason) == [.noPrograms(.xdp)])
    }

    @Test func aKernelThatListsNoneSaysSo() throws {
        do {
            _ = try plan(["bpf"], nil)
            Issue.record("there is a plan")
        } catch {
            #expect("\(error)".contains("CAP_SYS_ADMIN"))
        }
    }
}
