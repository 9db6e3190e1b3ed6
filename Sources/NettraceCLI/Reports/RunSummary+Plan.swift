import AttachPlanning
import KernelAccess
import Rendering

extension RunSummary {
    /// The account of a trace.
    ///
    /// - Parameters:
    ///   - counters: counts of the hooks of `plan`, in its order.
    ///   - refused: number of hooks that the kernel refused.
    init(_ plan: AttachPlan, _ counters: [HookCounter], delivered: UInt64, suppressed: UInt64, refused: Int) {
        // Hooks that only track packets have no events.
        let shown = zip(plan.hooks, counters).filter { $0.0.purpose == .event }
        self.init(
            matched: shown.reduce(0) { $0 + $1.1.matched }, delivered: delivered,
            lost: shown.reduce(0) { $0 + $1.1.lost },
            suppressed: suppressed + shown.reduce(0) { $0 + $1.1.limited },
            attached: shown.count - refused, skipped: plan.skipped.count + refused,
            losses: zip(plan.hooks, counters).map {
                .init(tracer: $0.tracer, lost: $0.purpose == .event ? $1.lost : 0)
            })
        tracers = shown.map { hook, counter in
            TracerAccount(
                tracer: hook.tracer, matched: counter.matched, received: counter.received, lost: counter.lost,
                limited: counter.limited)
        }
    }
}
