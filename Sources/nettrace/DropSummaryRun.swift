import Analysis
import AttachPlanning
import Events
import Glibc
import KernelAccess
import Rendering
import Tracers

/// `--drop --summary`: drops are counted in the kernel, and shown as a table from time to time.
struct DropSummaryRun: ~Copyable {
    private let options: TraceOptions
    private let plan: AttachPlan
    private let summary: TraceOptions.DropSummary
    private var table: DropTable
    private var json: DropTableJSON
    private var ledger = DropLedger()
    private var sink = OutputSink.standardOutput
    private var buffer = ByteBuffer(capacity: 16 << 10)
    private var blocks: UInt64 = 0
    private let notes: PrivilegeNotes

    init(
        _ options: TraceOptions, _ summary: TraceOptions.DropSummary, plan: AttachPlan, names: NameTable,
        notes: PrivilegeNotes
    ) {
        self.notes = notes
        self.options = options
        self.summary = summary
        self.plan = plan
        let dimensions = summary.dimensions
        table = DropTable(names: names, dimensions: dimensions, coloured: OutputSink.standardOutput.wantsColour)
        json = DropTableJSON(names: names, dimensions: dimensions, limit: summary.top)
    }

    consuming func run() throws {
        StopSignals.install()
        var messages = OutputSink.standardError
        var counting = try DropCounting.start(plan: plan, configuration: options.configuration)
        AttachReport(plan: plan, refused: [], verbose: options.verbose).write(to: &messages)
        notes.write(to: &messages)
        notes.giveUpPrivileges(&messages)
        let start = ContinuousClock.now
        counting.openGate()
        messages.write("begin counting......\n")
        try options.readyFile?.create()
        defer { options.readyFile?.remove() }

        let interval = Duration.seconds(summary.seconds)
        var (last, next) = (start, start + interval)
        while waitUntil(next) {
            let other = try counting.collect { add($0, $1) }
            ledger.addOther(DropSum(other))
            let now = ContinuousClock.now
            // What stays on the screen is not to jump; what is read later tells what happened.
            let showsIdle = sink.isTerminal && !options.view.json
            show(ledger.closeInterval(seconds: (now - last).seconds, showsIdle: showsIdle))
            last = now
            next = max(next + interval, now)
            blocks += 1
        }
        let other = try counting.stop { add($0, $1) }
        ledger.addOther(DropSum(other))
        let whole = ledger.finish(seconds: (ContinuousClock.now - start).seconds)
        show(whole)
        try account(whole.sum.packets, &messages)
    }

    /// False where the run is to end before.
    private mutating func waitUntil(_ time: ContinuousClock.Instant) -> Bool {
        while !StopSignals.received, !sink.isClosed, blocks < options.view.count ?? .max {
            let left = (time - ContinuousClock.now).seconds
            guard left > 0 else { return true }
            // A signal that comes just before the sleep does not end it.
            usleep(UInt32(min(left, 0.1) * 1e6))
            sink.checkReader()
        }
        return false
    }

    private mutating func add(_ key: UnsafeRawBufferPointer, _ count: DropCount) {
        guard let key = DropKey(key.bytes) else { return ledger.addOther(DropSum(count)) }
        ledger.add(DropSum(count), to: key)
    }

    private mutating func show(_ block: DropBlock) {
        let time = Self.now()
        if options.view.json {
            json.render(block, at: time, into: &buffer)
        } else if let size = sink.terminalSize {
            // The heading, the titles, the remainder, and the line of the cursor.
            let rows = max(size.rows - 5, 1)
            table.render(
                block, at: time, in: .init(rows: min(summary.top ?? rows, rows), width: size.columns, isStrict: true),
                repaints: true, into: &buffer)
        } else {
            table.render(block, at: time, in: .init(rows: summary.top ?? 20), repaints: false, into: &buffer)
        }
        _ = sink.write(&buffer)
    }

    private mutating func account(_ drops: UInt64, _ messages: inout OutputSink) throws {
        let account = RunSummary(
            matched: drops, delivered: sink.isClosed ? 0 : drops, lost: 0, suppressed: sink.isClosed ? drops : 0,
            attached: plan.hooks.count, skipped: plan.skipped.count)
        if options.view.json {
            account.renderJSON(into: &buffer)
            _ = sink.write(&buffer)
        }
        account.renderText(outcome: "counted", into: &buffer)
        _ = messages.write(&buffer)
        if let failure = sink.failure { throw RunError("cannot write to standard output: \(failure)") }
    }

    /// CLOCK_REALTIME in nanoseconds.
    private static func now() -> Int64 {
        var time = timespec()
        clock_gettime(CLOCK_REALTIME, &time)
        return Int64(time.tv_sec) * 1_000_000_000 + Int64(time.tv_nsec)
    }
}

extension DropSum {
    fileprivate init(_ count: DropCount) { self.init(packets: count.packets, bytes: count.bytes) }
}

extension Duration {
    fileprivate var seconds: Double { Double(components.seconds) + Double(components.attoseconds) / 1e18 }
}
