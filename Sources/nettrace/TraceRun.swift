import ArgumentParser
import AttachPlanning
import Events
import Glibc
import KernelAccess
import Rendering
import SystemPackage
import Tracers

/// One trace from start to end: look at the kernel, attach, show events, account for all of them.
struct TraceRun {
    private let options: TraceOptions
    private let plan: AttachPlan
    private let names: NameTable
    private var messages = OutputSink.standardError

    init(_ options: TraceOptions, catalog: TracerCatalog) throws {
        let privileges = Privileges.current()
        guard privileges.suffice else { throw RunError("cannot trace: " + privileges.explanation) }
        self.options = options
        let kernel = try KernelDescription.read(functions: catalog.tracers.lazy.flatMap(\.kernelNames))
        var plan = try AttachPlan(
            options.selection, catalog: catalog, inventory: kernel.inventory,
            capabilities: FeatureProbe.capabilities(),
            tracking: options.configuration.tracksPackets || options.configuration.followsPackets)
        switch options.stacks {
        case .none: break
        case .all: plan.recordStacks(at: nil)
        case .named(let tracers): plan.recordStacks(at: tracers)
        }
        self.plan = plan
        names = NameTable(
            hooks: plan.hooks.map { .init(tracer: $0.tracer, module: $0.group) }, dropReasons: kernel.dropReasons,
            clockOffset: Self.clockOffset(), symbolize: kernel.symbols.describe)
    }

    mutating func run() throws {
        let views = TraceViews(options: options, names: names, plan: plan)
        if options.life.latency || options.life.latencyBetween != nil {
            try run(try views.latency())
        } else if options.life.timeline, options.json {
            try run(views.timeline(TimelineJSONRenderer(names: names, rules: views.endingRules)))
        } else if options.life.timeline {
            try run(views.timeline(views.blocks))
        } else if options.json {
            try run(LineStream(JSONRenderer(names: names), limit: options.count))
        } else if options.life.follow {
            try run(LineStream(views.followed, limit: options.count))
        } else {
            try run(LineStream(views.lines, limit: options.count))
        }
    }

    /// Generic, so that the loop over events is compiled for each form of output.
    private mutating func run<Stream: EventStream & ~Copyable>(_ stream: consuming Stream) throws {
        StopSignals.install()
        if let interface = options.missingInterface {
            messages.write(
                "note: this namespace has no interface '\(interface)'; interfaces of that name elsewhere are matched\n")
        }
        var progress = AttachProgress(isTerminal: messages.isTerminal)
        var session = try TraceSession.start(plan: plan, configuration: options.configuration) { done, total in
            progress.show(done, of: total)
        }
        progress.clear()
        let refused = session.refused
        AttachReport(plan: plan, refused: refused, verbose: options.verbose).write(to: &messages)
        if let tracking = plan.tracking, !tracking.isComplete {
            messages.write(
                "note: without kprobes packets are followed by the address of their skb and its buffer only; "
                    + "some ends and copies are not seen\n")
        }
        guard refused.count < plan.hooks.count else { throw RunError("the kernel refused every hook") }

        var presenter = EventPresenter(stream)
        session.openGate()
        messages.write("begin tracing......\n")
        try options.readyFile?.create()
        defer { options.readyFile?.remove() }
        while !StopSignals.received, !presenter.isDone {
            try session.poll(milliseconds: 20) { presenter.present($0) }
            presenter.flush()
        }
        try session.stop { presenter.present($0) }
        presenter.flush()
        let counters = session.counters()
        var account: RunSummary?
        presenter.finish { delivered, suppressed, buffer in
            let summary = summary(counters, delivered: delivered, suppressed: suppressed, refused: refused.count)
            account = summary
            if options.json { summary.renderJSON(into: &buffer) }
        }
        var line = ByteBuffer(capacity: 1 << 10)
        account?.renderText(into: &line)
        _ = messages.write(&line)
        if let failure = presenter.failure {
            throw RunError(
                "cannot write to standard output: \(failure); the events after that are counted as suppressed")
        }
    }

    private func summary(
        _ counters: [HookCounter], delivered: UInt64, suppressed: UInt64, refused: Int
    ) -> RunSummary {
        // What only keeps track of packets is no event.
        let shown = zip(plan.hooks, counters).filter { $0.0.purpose == .event }
        return RunSummary(
            matched: shown.reduce(0) { $0 + $1.1.matched }, delivered: delivered,
            lost: shown.reduce(0) { $0 + $1.1.lost }, suppressed: suppressed,
            attached: shown.count - refused, skipped: plan.skipped.count + refused,
            losses: shown.map { .init(tracer: $0.0.tracer, lost: $0.1.lost) })
    }

    /// Wall clock minus the clock of events, in nanoseconds.
    private static func clockOffset() -> Int64 {
        var wall = timespec()
        var monotonic = timespec()
        clock_gettime(CLOCK_REALTIME, &wall)
        clock_gettime(CLOCK_MONOTONIC, &monotonic)
        return Int64(wall.tv_sec - monotonic.tv_sec) * 1_000_000_000 + Int64(wall.tv_nsec - monotonic.tv_nsec)
    }
}

/// A failure of the run itself, already in words for the user.
struct RunError: Error, CustomStringConvertible {
    let description: String
    init(_ description: String) { self.description = description }
}
