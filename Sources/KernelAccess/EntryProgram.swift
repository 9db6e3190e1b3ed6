import AttachPlanning
import CNettraceBPF

/// The program that runs at the entry of a function.
enum EntryProgram: CaseIterable {
    /// The skb is the first argument (BPF/placed_programs.h): unmatched packets cost less.
    case first
    /// The argument is where the cookie says.
    case any

    init(_ hook: PlannedHook, in plan: AttachPlan) {
        let isPlaced =
            plan.tracking == nil && !plan.hasHooksUnder && hook.purpose == .event && hook.arguments.skbMember == nil
        self = isPlaced && hook.arguments.skb == 1 ? .first : .any
    }

    /// The program for one link to many functions.
    func multi(in object: nettrace_object) -> OpaquePointer {
        switch self {
        case .first: object.kprobe_multi_first
        case .any: object.kprobe_multi
        }
    }

    /// The program for a perf event of one function.
    func single(in object: nettrace_object) -> OpaquePointer {
        switch self {
        case .first: object.kprobe_first
        case .any: object.kprobe
        }
    }
}
