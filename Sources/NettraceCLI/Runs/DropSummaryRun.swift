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
    private let summary: DropRequest.Table
    private var table: DropTable
    private var json: DropTableJSON
    private var ledger = DropLedger()
    private var sink = OutputSink.standardOutput
    private var buffer = ByteBuffer(capacity: 16 << 10)
    private let notes: PrivilegeNotes

    init(
        _ options: TraceOptions, _ summary: DropRequest.Table, plan: AttachPlan, names: NameTable,
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
        var counting = try DropCounting.start(plan: plan, configuration: options.configuration)
        var pacer = TablePacer(seconds: summary.seconds, limit: options.view.count)
        let opening = Opening(filterNotes: options.filterNotes, privileges: notes, readyFile: options.readyFile)
        var failure = try opening.begin(&counting, "counting") { messages in
            AttachReport(plan: plan, refused: [], verbose: options.verbose).write(to: &messages)
        }
        defer { opening.end() }

        while failure == nil, pacer.wait(for: &sink) {
            do {
                ledger.addOther(DropSum(try counting.collect { add($0, $1) }))
            } catch {
                failure = error
                break
            }
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
