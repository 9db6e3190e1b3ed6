import AttachPlanning

/// Which hooks of a plan a compiled program serves, and by which method it is attached to them: the table that says
/// which programs are loaded, and what is attached in which order. A new program that hooks a packet, socket or function
/// is a row here.
struct ProgramUse {
    let program: CompiledProgram
    let method: AttachMethod
    let moment: HookMoment
    private let serves: @Sendable (PlannedHook, AttachPlan) -> Bool

    private init(
        _ program: CompiledProgram, _ method: AttachMethod, _ moment: HookMoment = .entries,
        _ serves: @escaping @Sendable (PlannedHook, AttachPlan) -> Bool
    ) {
        self.program = program
        self.method = method
        self.moment = moment
        self.serves = serves
    }

    func takes(_ hook: PlannedHook, in plan: AttachPlan) -> Bool { hook.method == method && serves(hook, plan) }

    /// In the order of attaching. Returns come before entries: an entry is recorded as a call whose return will follow.
    static let all: [ProgramUse] = [
        ProgramUse(.tracepoint, .tracepoint) { hook, _ in hook.subject == .packet },
        ProgramUse(.socketTracepoint, .tracepoint) { hook, _ in hook.subject == .socket },
        ProgramUse(.frameTracepoint, .tracepoint) { hook, _ in hook.subject == .frame },
        ProgramUse(.tracepointTemplate, .tracepointCopy) { hook, _ in hook.subject == .packet },
        ProgramUse(.socketTracepointTemplate, .tracepointCopy) { hook, _ in hook.subject == .socket },
        ProgramUse(.frameTracepointTemplate, .tracepointCopy) { hook, _ in hook.subject == .frame },

        ProgramUse(.kretprobeMulti, .kprobeMulti, .returns) { hook, _ in hook.probesReturn },
        ProgramUse(.kprobeMultiFirst, .kprobeMulti) { isPacket($0) && EntryProgram($0, in: $1) == .first },
        ProgramUse(.kprobeMulti, .kprobeMulti) { isPacket($0) && EntryProgram($0, in: $1) == .any },
        ProgramUse(.socketKprobeMulti, .kprobeMulti) { hook, _ in hook.subject == .socket },
        ProgramUse(.kprobeSession, .kprobeSession, .calls) { _, _ in true },

        ProgramUse(.kretprobe, .kprobe, .returns) { hook, _ in hook.probesReturn },
        ProgramUse(.kprobeFirst, .kprobe) { isPacket($0) && EntryProgram($0, in: $1) == .first },
        ProgramUse(.kprobe, .kprobe) { isPacket($0) && EntryProgram($0, in: $1) == .any },
        ProgramUse(.socketKprobe, .kprobe) { hook, _ in hook.subject == .socket },
        ProgramUse(.under, .kprobe) { hook, _ in hook.isUnder },
    ]

    private static func isPacket(_ hook: PlannedHook) -> Bool { hook.subject == .packet && !hook.isUnder }

    /// The program of a tracepoint; each hook has one.
    static func program(of hook: PlannedHook, in plan: AttachPlan) -> CompiledProgram? {
        all.first { $0.takes(hook, in: plan) }?.program
    }

    /// The programs to load.
    static func programs(for plan: AttachPlan, _ configuration: TraceConfiguration) -> Set<CompiledProgram> {
        var wanted: Set<CompiledProgram> = []
        if configuration.drops.summary != nil {
            wanted.insert(.dropSummary)
        } else {
            for use in all where plan.hooks.contains(where: { use.takes($0, in: plan) }) { wanted.insert(use.program) }
        }
        if configuration.payload != nil { wanted.insert(.findPages) }
        if configuration.tcp != nil {
            wanted.formUnion([.segmentOfTCP, .stateOfTCP, .destructionOfTCP, .resetOfTCP, .refreshOfTCP])
        }
        for family in Set(plan.hooks.compactMap(\.program?.family)) {
            let templates = ProgramTemplates(of: family)
            wanted.formUnion([templates.enter, templates.leave])
        }
        return wanted
    }
}
