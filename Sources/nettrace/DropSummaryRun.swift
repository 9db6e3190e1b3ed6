import Analysis
import AttachPlanning
import Events
import Glibc
import KernelAccess
import Rendering
import Tracers
import Text

/// `--drop --summary`: drops are counted in the kernel and shown as a table at intervals.
struct DropSummaryRun: ~Copyable {
    private let options: TraceOptions
    private let plan: AttachPlan
    private let summary: TraceOptions.DropSummary
    private var table: DropTable
    private var json: DropTableJSON
    private var ledger = DropLedger()
    private var sink = OutputSink.standardOutput
    private var buffer = ByteBuffer(capacity: 16 << 10)
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
        var messages = OutputSink.messages
        var counting = try DropCounting.start(plan: plan, configuration: options.configuration)
        ProcessSetup.returnFreeMemory()
        AttachReport(plan: plan, refused: [], verbose: options.verbose).write(to: &messages)
        notes.write(to: &messages)
        notes.giveUpPrivileges(&messages)
        var pacer = TablePacer(seconds: summary.seconds, limit: options.view.count)
        counting.openGate()
        messages.write("begin counting......\n")
        // If the ready file cannot be created, the drops counted so far are still accounted for before the failure is
        // reported.
        var failure: (any Error)?
        do { try options.readyFile?.create() } catch { failure = error }
        defer { options.readyFile?.remove() }

        while failure == nil, pacer.wait(for: &sink) {
            let other = try counting.collect { add($0, $1) }
            ledger.addOther(DropSum(other))
            // On a terminal, keep idle rows so that the table does not jump; in a pipe, print only rows that counted
            // something.
            let showsIdle = sink.isTerminal && !options.view.json
            show(ledger.closeInterval(seconds: pacer.lap(), showsIdle: showsIdle))
        }
        let other = try counting.stop { add($0, $1) }
        ledger.addOther(DropSum(other))
        let whole = ledger.finish(seconds: pacer.seconds)
        show(whole)
        let account = RunSummary(
            matched: whole.sum.packets, delivered: whole.sum.packets, lost: 0, attached: plan.hooks.count,
            skipped: plan.skipped.count)
        try sink.end(with: account, outcome: "counted", json: options.view.json)
        if let failure { throw failure }
    }

    private mutating func add(_ key: UnsafeRawBufferPointer, _ count: DropCount) {
        guard let key = DropKey(key.bytes) else { return ledger.addOther(DropSum(count)) }
        ledger.add(DropSum(count), to: key)
    }

    private mutating func show(_ block: DropBlock) {
        let time = nanoseconds(of: CLOCK_REALTIME)
        if options.view.json {
            json.render(block, at: time, into: &buffer)
        } else {
            let (room, repaints) = sink.room(for: summary.top)
            table.render(block, at: time, in: room, repaints: repaints, into: &buffer)
        }
        _ = sink.write(&buffer)
    }
}

extension DropSum {
    fileprivate init(_ count: DropCount) { self.init(packets: count.packets, bytes: count.bytes) }
}
