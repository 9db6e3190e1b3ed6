import Analysis
import Pipeline
import Rendering
import Tracers
import Text

/// A run whose events go through a stream.
protocol StreamRun: ~Copyable {
    /// Generic, so that the loop over events is compiled for each form of output.
    mutating func run<Stream: EventStream & ~Copyable>(_ stream: consuming Stream) throws
}

/// Makes the form of output that the options select.
struct TraceViews {
    let options: ViewOptions
    let names: NameTable
    /// By `EventView.hook`, like the names.
    let hooks: [HookFacts]
    let life: SkbLife

    func show(by run: inout some StreamRun & ~Copyable) throws {
        if options.needsPackets { try LimitArguments.requireMemory(for: trackerLimits) }
        if options.life.latency || options.life.latencyBetween != nil {
            try run.run(try latency())
        } else if options.showsPackets, options.json {
            try run.run(timeline(TimelineJSONRenderer(names: names, nested: options.graph, payload: options.payload)))
        } else if options.graph {
            try run.run(timeline(trees))
        } else if options.showsPackets {
            try run.run(timeline(blocks))
        } else if options.json {
            try run.run(LineStream(JSONRenderer(names: names, payload: options.payload), limit: options.count))
        } else if options.life.follow {
            try run.run(LineStream(followed, limit: options.count))
        } else {
            try run.run(LineStream(lines, limit: options.count))
        }
    }

    /// The packets as a pcapng file; the options are those of its comments.
    func packets(
        _ origin: CaptureOrigin, _ settings: PacketFileSettings, family: ProcessFamily? = nil
    ) throws -> ContextStream<PcapNGRenderer> {
        try LimitArguments.requireMemory(for: trackerLimits)
        return timeline(
            PcapNGRenderer(names: names, columns: options.columns, origin: origin, settings: settings, family: family))
    }

    private var time: TimeStyle { options.date ? .localDate : .monotonic }
    private var coloured: Bool { OutputSink.standardOutput.wantsColour }

    private var lines: LineRenderer {
        LineRenderer(
            names: names, columns: options.columns, tracerWidth: options.showsSockets ? SocketEvent.longestWord : nil,
            time: time, coloured: coloured, payload: options.payload)
    }

    private var followed: FollowRenderer {
        FollowRenderer(
            names: names, columns: options.columns, time: time, coloured: coloured, payload: options.payload)
    }

    private var blocks: TimelineRenderer {
        TimelineRenderer(
            names: names, columns: options.columns, time: time, coloured: coloured, payload: options.payload)
    }

    private var trees: GraphRenderer {
        GraphRenderer(names: names, columns: options.columns, time: time, coloured: coloured)
    }

    private var trackerLimits: ContextTracker.Limits {
        let second: UInt64 = 1_000_000_000
        return options.limits.limits(
            timeout: (options.life.timeout ?? 5).multipliedWithoutOverflow(second),
            awaitsReturns: options.columns.contains(.returns))
    }

    /// Here `-c` limits packets.
    private func timeline<Renderer: ContextRenderer>(_ renderer: Renderer) -> ContextStream<Renderer> {
        ContextStream(
            renderer, releases: FragmentReleaseTable(life, symbolize: names.symbol).release,
            rules: EndingRules(hooks: hooks, dropReasons: names.dropReasonNames),
            tracker: ContextTracker(limits: trackerLimits),
            minimumLatency: (options.life.minLatency ?? 0).multipliedWithoutOverflow(1000), limit: options.count,
            diagnosis: options.diagnosisSetup.map { $0.diagnosis(names: names, hooks: hooks) })
    }

    private func latency() throws -> ContextStream<LatencyCollector> {
        let span = try options.life.latencyBetween.map { text in
            try LatencySpan(parsing: text, tracers: hooks.map(\.tracer))
        }
        return timeline(LatencyCollector(LatencyMeasurement(span ?? .life, hooks: hooks), json: options.json))
    }
}

extension UInt64 {
    fileprivate func multipliedWithoutOverflow(_ factor: UInt64) -> UInt64 {
        let (product, overflow) = multipliedReportingOverflow(by: factor)
        return overflow ? .max : product
    }
}
