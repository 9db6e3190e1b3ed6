import AttachPlanning
import CLibBPF
import CNettraceBPF
import Testing
import Tracers

@testable import KernelAccess

@Suite struct ProgramUseTests {
    private func hook(_ method: AttachMethod, _ change: (inout PlannedHook) -> Void = { _ in }) -> PlannedHook {
        let isTracepoint = [.tracepoint, .tracepointCopy].contains(method)
        var hook = PlannedHook(
            tracer: "t", group: "g", kernelName: "t", kind: isTracepoint ? .tracepoint : .function, method: method,
            arguments: HookArguments(skb: 1), role: .onward)
        change(&hook)
        return hook
    }

    private func programs(_ hooks: [PlannedHook], _ configuration: TraceConfiguration = .init()) -> Set<CompiledProgram>
    {
        ProgramUse.programs(for: AttachPlan(hooks: hooks), configuration)
    }

    /// Opening needs no privileges.
    @Test func theNamesAreThoseOfTheObject() throws {
        var object = nettrace_object()
        try #require(nettrace_object_open(&object, 0, nil) == 0)
        defer { nettrace_object_close(&object) }
        for name in CompiledProgram.allCases {
            let program = try #require(object.program(name), "\(name)")
            #expect(!bpf_program__autoload(program), "nothing is loaded that nobody asks for")
        }
        for name in CompiledMap.allCases { #expect(object.map(name) != nil, "\(name)") }
        #expect(nettrace_object_program(&object, "nt_another") == nil)
    }

    @Test func eachMethodHasItsProgram() {
        #expect(programs([]).isEmpty)
        #expect(programs([hook(.tracepoint)]) == [.tracepoint])
        #expect(programs([hook(.tracepointCopy)]) == [.tracepointTemplate])
        #expect(programs([hook(.kprobe)]) == [.kprobeFirst])
        #expect(
            programs([hook(.kprobeMulti), hook(.kprobeMulti) { $0.arguments.skb = 2 }])
                == [.kprobeMultiFirst, .kprobeMulti])
        #expect(programs([hook(.kprobeMulti) { $0.recordsReturn = true }]) == [.kprobeMultiFirst, .kretprobeMulti])
        #expect(programs([hook(.kprobe) { $0.marksReturn = true }]) == [.kprobeFirst, .kretprobe])
        #expect(programs([hook(.kprobeSession) { $0.recordsReturn = true }]) == [.kprobeSession])
        #expect(programs([hook(.kprobe) { $0.flags = .under }]) == [.under])
    }

    @Test func socketsAndFramesHaveTheirPrograms() {
        func ofSocket(_ method: AttachMethod) -> PlannedHook { hook(method) { $0.socketEvent = .state } }
        #expect(
            programs([ofSocket(.tracepoint), ofSocket(.tracepointCopy)])
                == [.socketTracepoint, .socketTracepointTemplate])
        #expect(programs([ofSocket(.kprobe), ofSocket(.kprobeMulti)]) == [.socketKprobe, .socketKprobeMulti])
        #expect(programs([hook(.tracepoint) { $0.kernelName = "xdp_exception" }]) == [.frameTracepoint])
    }

    @Test func tablesLoadNothingElse() {
        var configuration = TraceConfiguration()
        configuration.drops.summary = .init(dimensions: 1)
        #expect(programs([hook(.tracepoint)], configuration) == [.dropSummary])
    }

    @Test func eachEntryOfAFunctionIsServedOnce() {
        let plan = AttachPlan(hooks: [
            hook(.kprobe), hook(.kprobe) { $0.arguments.skb = 2 }, hook(.kprobe) { $0.socketEvent = .state },
            hook(.kprobe) { $0.flags = .under }, hook(.kprobeMulti), hook(.kprobeMulti) { $0.socketEvent = .timeout },
            hook(.kprobeSession),
        ])
        for hook in plan.hooks {
            let uses = ProgramUse.all.filter { $0.moment != .returns && $0.takes(hook, in: plan) }
            #expect(uses.count == 1, "\(hook)")
        }
    }

    @Test func returnsAreAttachedBeforeEntries() {
        for method in [AttachMethod.kprobe, .kprobeMulti] {
            #expect(ProgramUse.all.first { $0.method == method }?.moment == .returns)
        }
    }

    @Test func mapsThatNoProgramUsesStaySmall() {
        let idle = MapSizes(for: AttachPlan(), TraceConfiguration(), wanted: 0).entries
        #expect(idle.values.allSatisfy { $0 <= 1 || $0 == idle[.events] })
        let plan = AttachPlan(
            hooks: [
                hook(.kprobe) {
                    $0.addresses = [1, 2]; $0.recordsReturn = true
                }, hook(.tracepoint),
            ],
            tracking: PacketTracking(seesLinks: true, seesEnds: true))
        let busy = MapSizes(for: plan, TraceConfiguration(), wanted: 3).entries
        #expect(busy[.counters] == 2 && busy[.hookByAddress] == 2 && busy[.wanted] == 3)
        #expect((busy[.openCalls] ?? 0) > 1 && (busy[.trackedSkbs] ?? 0) > 1)
    }
}
