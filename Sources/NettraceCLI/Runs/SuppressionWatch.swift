import AttachPlanning
import KernelAccess
import Rendering
import Tracers

/// Counts events that the kernel side has suppressed because of `--rate-limit`: by kind, since the last report.
struct SuppressionWatch {
    private let kinds: [String]
    /// Index into `kinds` by hook of the plan.
    private let kindOfHook: [Int]
    private var reported: [UInt64]
    private var last = ContinuousClock.now

    init(_ plan: AttachPlan) {
        var kinds: [String] = []
        kindOfHook = plan.hooks.map { hook in
            let name = hook.socketEvent?.rawValue ?? (hook.flags.contains(.drop) ? "drop" : hook.tracer)
            if let known = kinds.firstIndex(of: name) { return known }
            kinds.append(name)
            return kinds.count - 1
        }
        self.kinds = kinds
        reported = kinds.map { _ in 0 }
    }

    /// Whether a second has passed since the last report.
    var isDue: Bool { ContinuousClock.now - last >= .seconds(1) }

    /// Suppressed events since the last report.
    mutating func news(in counters: [HookCounter]) -> [Suppression] {
        last = .now
        let sums = sums(of: counters)
        defer { reported = sums }
        return kinds.indices.compactMap { kind in
            sums[kind] <= reported[kind] ? nil : Suppression(event: kinds[kind], count: sums[kind] - reported[kind])
        }
    }

    func all(in counters: [HookCounter]) -> [Suppression] {
        zip(kinds, sums(of: counters)).compactMap { $1 == 0 ? nil : Suppression(event: $0, count: $1) }
    }

    private func sums(of counters: [HookCounter]) -> [UInt64] {
        var sums = kinds.map { _ in UInt64(0) }
        for (kind, counter) in zip(kindOfHook, counters) { sums[kind] += counter.limited }
        return sums
    }
}
