import Analysis
import AttachPlanning
import Rendering

/// Makes the form of output that the options ask for.
struct TraceViews {
    let options: TraceOptions
    let names: NameTable
    let plan: AttachPlan

    private var time: TimeStyle { options.date ? .localDate : .monotonic }
    private var coloured: Bool { OutputSink.standardOutput.wantsColour }

    var lines: LineRenderer {
        LineRenderer(names: names, columns: options.columns, time: time, coloured: coloured)
    }

    var followed: FollowRenderer {
        FollowRenderer(names: names, columns: options.columns, time: time, coloured: coloured)
    }

    var blocks: TimelineRenderer {
        TimelineRenderer(
            names: names, rules: endingRules, columns: options.columns, time: time, coloured: coloured)
    }

    /// `-c` counts packets here.
    func timeline<Renderer: ContextRenderer>(_ renderer: Renderer) -> TimelineStream<Renderer> {
        let second: UInt64 = 1_000_000_000
        return TimelineStream(
            renderer,
            tracker: ContextTracker(limits: .init(timeout: options.life.timeout.multipliedWithoutOverflow(second))),
            minimumLatency: (options.life.minLatency ?? 0).multipliedWithoutOverflow(1000), limit: options.count)
    }

    func latency() throws -> TimelineStream<LatencyCollector> {
        let span = try options.life.latencyBetween.map { text in
            try LatencySpan(parsing: text, tracers: plan.hooks.map(\.tracer))
        }
        return timeline(LatencyCollector(LatencyMeasurement(span ?? .life, hooks: hookFacts), json: options.json))
    }

    var endingRules: EndingRules { EndingRules(hooks: hookFacts, dropReasons: names.dropReasonNames) }

    private var hookFacts: [HookFacts] {
        plan.hooks.map { HookFacts(tracer: $0.tracer, group: $0.group, flags: $0.flags) }
    }
}

extension UInt64 {
    fileprivate func multipliedWithoutOverflow(_ factor: UInt64) -> UInt64 {
        let (product, overflow) = multipliedReportingOverflow(by: factor)
        return overflow ? .max : product
    }
}
