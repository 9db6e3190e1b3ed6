import AttachPlanning
import KernelAccess
import Rendering

/// Reports the attached and skipped tracers in one line; with -v in one line each.
struct AttachReport {
    let plan: AttachPlan
    let refused: [SkippedTracer]
    let verbose: Bool

    func write(to sink: inout OutputSink) {
        let skipped = plan.skipped + refused
        if verbose {
            for hook in attachedHooks {
                sink.write("attached \(hook.tracer) (\(hook.kernelName), \(hook.method.rawValue))\n")
            }
            for tracer in skipped { sink.write("skipped \(tracer.tracer): \(tracer.reason)\n") }
        }
        sink.write(attached + "\n")
        guard !skipped.isEmpty else { return }
        sink.write("skipped " + reasons(skipped) + (verbose ? "" : "; -v names them") + "\n")
    }

    var attachedHooks: [PlannedHook] {
        let refused = Set(refused.map(\.tracer))
        return plan.hooks.filter { $0.purpose == .event && !refused.contains($0.title) }
    }

    private var attached: String {
        let hooks = attachedHooks
        let methods = AttachMethod.allCases.compactMap { method -> String? in
            let count = hooks.count { $0.method == method }
            return count == 0 ? nil : "\(count) by \(method.rawValue)"
        }
        return "attached \(hooks.count) \(hooks.count == 1 ? "tracer" : "tracers") (\(methods.joined(separator: ", ")))"
    }

    /// Number of tracers by reason, the most frequent reason first.
    private func reasons(_ skipped: [SkippedTracer]) -> String {
        let groups = Dictionary(grouping: skipped, by: \.reason.kind).sorted {
            ($1.value.count, $0.key) < ($0.value.count, $1.key)
        }
        return groups.map { "\($0.value.count): \($0.key)" }.joined(separator: "; ")
    }
}

extension SkipReason {
    /// The reason without the details that differ from tracer to tracer.
    fileprivate var kind: String {
        switch self {
        case .noTypeInformation: "modules without type information (BTF) on this kernel"
        case .refused(let words): "the kernel refused: \(words)"
        default: description
        }
    }
}

/// Shows the progress of attaching, which takes seconds on some kernels. Only on a terminal.
struct AttachProgress {
    private let isTerminal: Bool
    private var shown = -1

    init(isTerminal: Bool) { self.isTerminal = isTerminal }

    mutating func show(_ done: Int, of total: Int) {
        guard isTerminal, total > 0 else { return }
        let percent = done * 100 / total
        guard percent != shown else { return }
        shown = percent
        var sink = OutputSink.standardError
        sink.writeControl("\rattaching... \(percent) %")
    }

    func clear() {
        guard shown >= 0 else { return }
        var sink = OutputSink.standardError
        sink.writeControl("\r\u{1b}[K")
    }
}
