import Analysis
import ArgumentParser
import AttachPlanning
import Diagnosis
import Events
import Glibc
import KernelAccess
import Recording
import Rendering
import SystemPackage
import Tracers
import Text

/// One trace from start to end: inspects the kernel, attaches, shows events, accounts for all of them.
struct TraceRun: StreamRun {
    private var options: TraceOptions
    private let plan: AttachPlan
    private let names: NameTable
    private let symbols: KernelSymbols
    private let notes: PrivilegeNotes
    private let life: SkbLife
    /// The socket events of tracers, by name of the tracer.
    private let events: [String: SocketEvent]
    private var messages = OutputSink.messages
    private var sink = OutputSink.standardOutput
    /// Writes a capture file beside what is shown.
    /// Processes whose packets a capture file gets.
    private var family: ProcessFamily?
    private var parents: ProcessParents?
    private var companion: PacketFileWriter?

    init(_ options: TraceOptions, catalog: TracerCatalog) throws {
        let privileges = try Opening.requirePrivileges()
        self.options = options
        var capabilities = try Self.capabilities(options)
        let under = options.selection.functionsUnder
        var functions = catalog.tracers.flatMap(\.kernelNames)
        if !under.isEmpty { functions += under.map(\.description) + KernelInventory.trampolineNames }
        if options.configuration.payload != nil { functions.append(PayloadConfiguration.freePagesName) }
        let kernel = try KernelDescription.read(
            functions: functions, programs: options.selection.tracers.contains { catalog[$0].kind == .program },
            others: under)
        capabilities.hidesAddresses = kernel.hidesAddresses
        self.options.configuration.types = kernel.types
        self.options.configuration.payload?.freePages =
            kernel.inventory.functions[PayloadConfiguration.freePagesName]?.addresses.first
        notes = PrivilegeNotes(options, privileges, hidesAddresses: kernel.hidesAddresses)
        var plan = try AttachPlan(
            options.selection, catalog: catalog, inventory: kernel.inventory,
            capabilities: capabilities,
            tracking: options.configuration.tracksPackets || options.configuration.followsPackets)
        if options.mode.showsSockets { plan.recordSocketEvents(declaredIn: catalog) }
        switch options.stacks {
        case .none: break
        case .all: plan.recordStacks(at: nil)
        case .named(let tracers): plan.recordStacks(at: tracers)
        }
        if options.recordsReturns {
            plan.recordReturns(capabilities)
        } else if let diagnosisSetup = options.diagnosisSetup {
            plan.recordReturns(capabilities, at: diagnosisSetup.provingTracers)
        }
        self.plan = plan
        life = catalog.life
        events = catalog.tracers.reduce(into: [:]) { $0[$1.name] = $1.event }
        if let drops = options.drops {
            let reasons = DropReasons(kernel.dropReasons, NormalEnds(try options.causes()))
            try self.options.configuration.drops.ignore(drops.ignored, of: reasons)
            if drops.leavesOutNormal {
                self.options.configuration.drops.normalEnds = reasons.normalPlaces(kernel.symbols)
            }
        }
        let notes = DropNotes(
            causes: { [causes = options.causes] in try? causes() }, groupsOf: options.drops == nil ? nil : catalog)
        symbols = kernel.symbols
        names = NameTable(
            hooks: plan.hooks.map {
                .init(tracer: $0.tracer, module: $0.group, returns: $0.returns)
            }, dropReasons: kernel.dropReasons,
            clockOffset: clockOffset(), symbolize: symbols.describe,
            sockets: options.namesSockets ? .ofThisMachine() : SocketNames(),
            dropNotes: notes, resetReasons: kernel.resetReasons)
    }

    private static func capabilities(_ options: TraceOptions) throws -> Capabilities {
        let all = FeatureProbe.capabilities()
        guard let method = options.functionMethod else { return all }
        guard let limited = all.limited(to: method) else {
            throw RunError("--backend \(method.rawValue): this kernel has no such probes; see nettrace --features")
        }
        return limited
    }

    mutating func run() throws {
        if let file = options.recordingFile { return try record(in: file) }
        if let summary = options.drops?.table {
            return try CountedDrops.run(options, summary, plan: plan, names: names, notes: notes)
        }
        let facts = plan.hooks.map { HookFacts(tracer: $0.tracer, role: $0.role, flags: $0.flags) }
        if var file = options.packetFile {
            sink = try file.open()
            let views = TraceViews(options: file.view, names: names, hooks: facts, life: life)
            var origin = CaptureOrigin(RecordingHeader(plan: plan, names: names))
            origin.filter = options.filterExpression
            let wanted = file.settings.processes.ids
            if !wanted.isEmpty {
                let parents = ProcessParents()
                self.parents = parents
                family = ProcessFamily(wanted, parent: parents.parent)
            }
            let stream = try views.packets(origin, file.settings, family: family)
            guard file.shows else { return try run(stream) }
            companion = PacketFileWriter(stream, to: sink)
            sink = .standardOutput
        }
        try TraceViews(options: options.view, names: names, hooks: facts, life: life).show(by: &self)
    }

    mutating func run<Stream: EventStream & ~Copyable>(_ stream: consuming Stream) throws {
        let live = LiveNames(names, includingSockets: options.namesSockets, family: family, parents: parents)
        try trace(
            EventWriter(stream, to: sink, endsWithSummary: options.view.json, names: live, companion: companion))
    }

    private mutating func record(in file: String) throws {
        let recorder: EventRecorder
        do throws(RecordingError) {
            recorder = try EventRecorder(
                RecordingHeader(plan: plan, names: names), file: file, limit: options.view.count,
                symbolize: symbols.describe, names: names)
        } catch {
            throw RunError("\(file): \(error)")
        }
        try trace(recorder)
    }

    /// Generic, so that the loop over records is compiled for each destination.
    private mutating func trace<Consumer: RecordConsumer & ~Copyable>(_ destination: consuming Consumer) throws {
        StopSignals.install()
        var progress = AttachProgress(isTerminal: messages.isTerminal)
        var session = try TraceSession.start(plan: plan, configuration: options.configuration) { done, total in
            progress.show(done, of: total)
        }
        progress.clear()
        let refused = session.refused
        let opening = Opening(
            filterNotes: options.filterNotes + reachNotes + ConntrackNotes.ofThisMachine(options), privileges: notes,
            readyFile: options.readyFile)
        var failure = try opening.begin(&session, "tracing") { messages in
            let report = AttachReport(plan: plan, refused: refused, verbose: options.verbose)
            report.write(to: &messages)
            for note in attachNotes { messages.write("note: \(note)\n") }
            guard !report.attachedHooks.isEmpty else { throw RunError("the kernel refused every hook") }
        } prepare: {
            options.diagnosisSetup?.listRules(of: options.configuration.filters.netns.wanted)
        }
        defer { opening.end() }
        if failure == nil { do { try options.whenReady() } catch { failure = error } }
        var consumer = destination
        var suppressions = options.configuration.limits.perSecond.map { _ in SuppressionWatch(plan) }
        if failure == nil {
            symbols.prepare()
            do { try follow(&session, &consumer, &suppressions) } catch { failure = error }
        }
        session.stop { consumer.present($0) }
        let counters = session.counters()
        if let news = suppressions?.news(in: counters) { consumer.report(news) }
        consumer.flush()
        let account = consumer.finish { delivered, suppressed in
            var summary = RunSummary(
                plan, counters, delivered: delivered, suppressed: suppressed, refused: refused.count)
            summary.limited = suppressions?.all(in: counters) ?? []
            summary.missed = session.missed
            return summary
        }
        write(account, outcome: Consumer.outcome)
        if let failure = failure ?? consumer.failure { throw failure }
    }

    /// Runs until a stop signal arrives, or no more events are wanted.
    private mutating func follow<Consumer: RecordConsumer & ~Copyable>(
        _ session: inout TraceSession, _ consumer: inout Consumer, _ suppressions: inout SuppressionWatch?
    ) throws {
        var losses = LossWatch()
        var line = ByteBuffer(capacity: 1 << 8)
        while !StopSignals.received, !consumer.isDone, !options.isOver() {
            try session.poll(milliseconds: 20) { consumer.present($0) }
            if let loss = losses.notice(lost: session.lost) {
                consumer.note(loss)
                loss.renderText(into: &line)
                var alarms = OutputSink.standardError
                _ = alarms.write(&line)
            }
            if suppressions?.isDue == true, let news = suppressions?.news(in: session.counters()) {
                consumer.report(news)
            }
            consumer.flush()
        }
    }

    private mutating func write(_ account: RunSummary, outcome: StaticString) {
        var text = ByteBuffer(capacity: 1 << 10)
        if options.verbose { account.renderTracersText(into: &text) }
        account.renderText(outcome: outcome, into: &text)
        var sink = account.lost > 0 ? OutputSink.standardError : messages
        _ = sink.write(&text)
    }

    /// Notes on what the attached hooks cannot show.
    private var attachNotes: [String] {
        var notes = plan.trackingNote.map { [$0] } ?? []
        if options.recordsReturns, !plan.hooks.contains(where: \.recordsReturn) {
            notes.append("no function is attached, and tracepoints do not return: --ret shows nothing")
        }
        if let missing = missingEvents { notes.append(missing) }
        return notes
    }

    /// Names socket events that cannot be seen without kprobes.
    private var missingEvents: String? {
        guard options.mode.showsSockets else { return nil }
        let seen = Set(plan.hooks.compactMap(\.socketEvent))
        let missing = SocketEvent.allCases.filter { event in
            !seen.contains(event)
                && plan.skipped.contains { skipped in
                    skipped.reason == .noKprobes && events[skipped.tracer] == event
                }
        }
        guard !missing.isEmpty else { return nil }
        return "without kprobes these events are not seen: \(missing.map(\.rawValue).joined(separator: ", "))"
    }

    private var reachNotes: [String] {
        let tracers = plan.hooks.filter { $0.purpose == .event }
        return ProtocolReach.notes(of: options.protocols, tracers: tracers)
            + FrameReach.notes(of: options.configuration, tracers: tracers)
    }
}

/// A failure of a run, described for the user.
struct RunError: Error, CustomStringConvertible {
    let description: String
    init(_ description: String) { self.description = description }
}
