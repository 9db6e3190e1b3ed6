import AttachPlanning
import CNettraceBPF

/// Which of kprobe.multi's programs a hook is for.
enum MultiProgram: CaseIterable {
    /// The skb is the first argument (BPF/placed_programs.h): packets that are not wanted cost less.
    case first
    /// What the cookie says.
    case any

    init(_ hook: PlannedHook, in plan: AttachPlan) {
        let isPlaced = plan.tracking == nil && hook.purpose == .event && hook.arguments.skbMember == nil
        self = isPlaced && hook.arguments.skb == 1 ? .first : .any
    }

    func program(in object: nettrace_object) -> OpaquePointer {
        switch self {
        case .first: object.kprobe_multi_first
        case .any: object.kprobe_multi
        }
    }
}
