import Analysis
import CaptureFiles
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

/// A run over a recording (`-r`): the same output as a trace, but without a kernel to ask.
struct ReplayRun: StreamRun, ~Copyable {
    private let file: String
    private let view: ViewOptions
    private var reader: RecordingReader
    private var filters: ReplayFilters
    private let names: NameTable
    private let recorded = RecordedNames()
    private let hooks: [RecordedHook]
    private let catalog: TracerCatalog
    /// The file for the records that match, instead of showing them (`-w`).
    private let output: String?
    /// The capture file for the packets, instead of showing them (`--pcapng`).
    private let packetFile: PacketFile?
    private var companion: PacketFileWriter?
    private var sink = OutputSink.standardOutput
    private var accounting: RecordingAccounting?
    /// Sections of a record that end the reading; 0: none.
    private var unreadableSections: UInt32 = 0
    private var hasPayload = false
    private var messages = OutputSink.messages

    /// - Parameter display: a filter of netsnoop's language.
    init(_ file: String, _ asked: EventsRequest, display: String? = nil, catalog: TracerCatalog) throws {
        let name = file == "-" ? "standard input" : file
        var packetFile = try PacketFile(asked)
        let request = packetFile == nil ? asked : asked.ofPacketFile
        let view = try ViewOptions(packetFile?.shows == true ? asked : request)
        let excluded = try request.negation.excluded()
        var check = try FilterCheck(request.metadata, excluded: excluded.map(\.metadata), machine: nil)
        if packetFile?.shows == false { packetFile?.settings.processes = check.takeProcesses() }
        let packet = try request.packets.replayFilter(excluding: excluded.map(\.packets))
        let displayFilter = try display.map { try DisplayFilter($0) }
        let reader = try Self.open(file, called: name)
        let header = reader.header
        let selected = try ReplaySelection(hooks: header.hooks, catalog: catalog).selected(
            wanted: request.places.tracers, excluded: request.places.excluded)

        let enumerations = header.enumerations.map { Enumeration($0) }
        let names = NameTable(
            hooks: header.hooks.map {
                .init(
                    tracer: $0.tracer, module: $0.group,
                    returns: $0.returns?.functionReturn(enumerations) ?? FunctionReturn())
            }, dropReasons: header.dropReasons,
            clockOffset: header.clockOffset, symbolize: { [recorded] in recorded.symbols[$0] },
            sockets: recorded.sockets,
            dropNotes: DropNotes(
                causes: { [file = CatalogFile(request.places.catalogFile)] in try? file.causes() },
                groupsOf: request.shownDrops == nil ? nil : catalog),
            resetReasons: header.resetReasons)
        let trouble = try ReplayTrouble(request, header: header, names: names, catalog: catalog)
        for output in [request.recordingFile, packetFile?.path] {
            if let output { try Self.checkDifferent(file, output) }
        }

        self.file = name
        output = request.recordingFile
        self.packetFile = packetFile
        self.view = view
        self.reader = reader
        hooks = header.hooks
        self.catalog = catalog
        self.names = names
        filters = ReplayFilters(
            hooks: selected, trouble: trouble, packet: packet, display: displayFilter, check: check,
            choosesPackets: view.needsPackets || packetFile != nil,
            followsPackets: request.followsPackets,
            wantsReturns: request.returns.recordsReturns || request.recordingFile != nil,
            cgroupPath: { [recorded] in recorded.cgroupPath(of: $0) })
    }

    private static func open(_ file: String, called name: String) throws -> RecordingReader {
        let reader: RecordingReader
        do throws(RecordingError) {
            let descriptor = try RecordingFile.open(FilePath(file))
            // Limits the harm that a malicious file can do. Failure is not fatal: the file is read all the same.
            try? Privileges.giveUp()
            reader = try RecordingReader(StoppableSource(descriptor: descriptor))
        } catch {
            if case .notARecording = error, isCapture(file) {
                throw RunError(
                    "\(name): a capture file, not a recording: read it with nettrace netsnoop -i \(name), or nettrace ipreport \(name)"
                )
            }
            throw RunError("\(name): \(error)")
        }
        try RecordLayout.current.requireReadable(reader.header, called: name)
        return reader
    }

    private static func isCapture(_ file: String) -> Bool {
        guard file != "-" else { return false }
        do throws(CaptureError) {
            var reader = try CaptureReader(path: FilePath(file))
            return try reader.next()
        } catch {
            return false
        }
    }

    /// Refuses to write to the file that is read, since opening it for writing would empty it.
    private static func checkDifferent(_ input: String, _ output: String) throws {
        var read = stat()
        var written = stat()
        guard input != "-", output != "-", stat(input, &read) == 0, stat(output, &written) == 0 else { return }
        guard read.st_ino == written.st_ino, read.st_dev == written.st_dev else { return }
        throw RunError("\(output): this is the recording that is read; name another file to write to")
    }

    mutating func run() throws {
        if let output { return try copy(into: output) }
        let facts = hooks.map { $0.facts(by: catalog) }
        let views = TraceViews(options: view, names: names, hooks: facts, life: catalog.life)
        guard let packetFile else { return try views.show(by: &self) }
        try export(packetFile, views, facts)
        guard hasPayload else {
            throw RunError(
                "\(file) holds no bytes of packets, so \(packetFile.path) has no packet: record them with -X or "
                    + "--snapshot-length")
        }
    }

    private mutating func export(_ packetFile: PacketFile, _ views: TraceViews, _ facts: [HookFacts]) throws {
        var packetFile = packetFile
        let file = try packetFile.open()
        // A recording is read as fast as the output takes it: no packet has to be there soon.
        packetFile.settings.isLive = false
        let stream = try TraceViews(options: packetFile.view, names: names, hooks: facts, life: catalog.life)
            .packets(CaptureOrigin(reader.header), packetFile.settings)
        guard packetFile.shows else {
            sink = file
            return try run(stream)
        }
        companion = PacketFileWriter(stream, to: file)
        try views.show(by: &self)
    }

    mutating func run<Stream: EventStream & ~Copyable>(_ stream: consuming Stream) throws {
        StopSignals.install()
        if view.columns.contains(.returns), !hooks.contains(where: { $0.returns != nil }) {
            messages.write("note: \(file) holds no returns of functions: these have to be recorded with --ret\n")
        }
        try replay(into: EventWriter(stream, to: sink, endsWithSummary: view.json, names: nil, companion: companion))
    }

    private mutating func copy(into output: String) throws {
        StopSignals.install()
        let recorder: EventRecorder
        do throws(RecordingError) {
            recorder = try EventRecorder(
                reader.header, file: output, limit: view.count, symbolize: { [recorded] in recorded.symbols[$0] },
                names: names)
        } catch {
            throw RunError("\(output): \(error)")
        }
        try replay(into: recorder)
    }

    private mutating func replay<Consumer: RecordConsumer & ~Copyable>(into consumer: consuming Consumer) throws {
        var presenter = consumer
        var damage: RecordingError?
        if let note = RecordLayout.current.noteOnNewerSections(reader.header, called: file) {
            messages.write("note: \(note)\n")
        }
        do throws(RecordingError) {
            try read(into: &presenter)
        } catch {
            // A stop signal interrupted the wait for a pipe; that is no damage.
            damage = StopSignals.received && error == .cannotRead(.interrupted) ? nil : error
        }
        let account = presenter.finish { summary(delivered: $0, suppressed: $1) }
        var line = ByteBuffer(capacity: 1 << 10)
        account.renderText(outcome: Consumer.outcome, into: &line)
        _ = messages.write(&line)
        if view.payload != nil, !hasPayload, output == nil {
            messages.write(
                "note: \(file) holds no bytes of packets: these have to be recorded with -X or --snapshot-length\n")
        }
        if let failure = presenter.failure { throw failure }
        if unreadableSections != 0 {
            throw reader.header.error(onUnknown: unreadableSections, inRecord: reader.recordCount, of: file)
        }
        if let damage { throw RunError("\(file): \(damage)") }
    }

    /// Reads to the end, or until no more events are wanted. Time follows the records; the clock is never read.
    private mutating func read(into consumer: inout some RecordConsumer & ~Copyable) throws(RecordingError) {
        let newer = RecordLayout.current.bitsOfNewerSections(in: reader.header.layout)
        while !StopSignals.received, !consumer.isDone, let item = try reader.next() {
            switch item {
            case .record(let record):
                if let event = EventView(record) {
                    unreadableSections = event.unknownSections & ~newer
                    guard unreadableSections == 0 else { return }
                    if view.payload != nil || packetFile != nil, event.payload != nil { hasPayload = true }
                }
                switch filters.verdict(on: record) {
                case .show where filters.unhides(record): record.present(to: &consumer, removing: .hidden)
                case .show: record.withUnsafeBytes { consumer.present($0) }
                case .hide: record.present(to: &consumer, adding: .hidden)
                case .endOnly: record.present(to: &consumer, adding: .silent)
                case .leaveOut: break
                }
            case .symbols(let more):
                recorded.add(more)
            case .socketOwners(let more):
                recorded.add(more)
            case .cgroups(let more):
                recorded.add(more)
            case .clockSteps(let steps):
                for step in steps { names.wallClock.append(.init(since: step.since, offset: step.offset)) }
            case .accounting(let account):
                accounting = account
            }
        }
    }

    /// Losses of the recorded run count as losses here.
    private func summary(delivered: UInt64, suppressed: UInt64) -> RunSummary {
        let losses = (accounting?.losses ?? []).compactMap { loss -> RunSummary.TracerLoss? in
            guard loss.hook < hooks.count, filters.hooks[Int(loss.hook)] else { return nil }
            return RunSummary.TracerLoss(tracer: hooks[Int(loss.hook)].tracer, lost: loss.lost)
        }
        let lost = losses.reduce(UInt64(0)) { $0.addingReportingOverflow($1.lost).partialValue }
        return RunSummary(
            matched: (delivered + suppressed).addingReportingOverflow(lost).partialValue, delivered: delivered,
            lost: lost, suppressed: suppressed,
            attached: accounting.map { Int($0.attached) } ?? hooks.count(where: \.showsEvents),
            skipped: Int(accounting?.skipped ?? 0), losses: losses)
    }
}
