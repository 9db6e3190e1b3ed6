import AttachPlanning

/// The program that runs at the entry of a function.
enum EntryProgram {
    /// The skb is the first argument (BPF/first_argument_programs.h): unmatched packets cost less.
    case first
    /// The argument is where the cookie says.
    case any

    init(_ hook: PlannedHook, in plan: AttachPlan) {
        let isPlaced =
            plan.tracking == nil && !plan.hasHooksUnder && hook.purpose == .event && hook.arguments.skbMember == nil
        self = isPlaced && hook.arguments.skb == 1 ? .first : .any
    }
}
