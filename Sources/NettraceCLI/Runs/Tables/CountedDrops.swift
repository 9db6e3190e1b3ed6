import Analysis
import AttachPlanning
import Events
import KernelAccess
import Rendering
import Text
import Tracers

/// `--drop --summary`: drops are counted in the kernel and shown as a table at intervals.
struct CountedDrops: CountedTable, ~Copyable {
    static let outcome: StaticString = "counted"

    private let options: TraceOptions
    private let plan: AttachPlan
    private var counting: DropCounting
    private var table: DropTable
    private var json: DropTableJSON
    private var ledger = DropLedger()
    private var packets: UInt64 = 0

    /// Attaches, counts and shows tables until the run ends.
    static func run(
        _ options: TraceOptions, _ summary: DropRequest.Table, plan: AttachPlan, names: NameTable,
        notes: PrivilegeNotes
    ) throws {
        StopSignals.install()
        var counting = try DropCounting.start(plan: plan, configuration: options.configuration)
        let opening = Opening(filterNotes: options.filterNotes, privileges: notes, readyFile: options.readyFile)
        let failure = try opening.begin(&counting, "counting") { messages in
            AttachReport(plan: plan, refused: [], verbose: options.verbose).write(to: &messages)
        }
        defer { opening.end() }
        let table = CountedDrops(options, summary, plan: plan, names: names, counting: counting)
        try TableRun(
            seconds: summary.seconds, limit: options.view.count, top: summary.top, json: options.view.json
        ).run(table, unless: failure)
    }

    private init(
        _ options: TraceOptions, _ summary: DropRequest.Table, plan: AttachPlan, names: NameTable,
        counting: consuming DropCounting
    ) {
        self.options = options
        self.plan = plan
        self.counting = counting
        let dimensions = summary.dimensions
        table = DropTable(names: names, dimensions: dimensions, coloured: OutputSink.standardOutput.wantsColour)
        json = DropTableJSON(names: names, dimensions: dimensions, limit: summary.top)
    }

    mutating func collect() throws {
        ledger.addOther(DropSum(try counting.collect { ledger.add($0, $1) }))
    }

    mutating func finish() throws {
        ledger.addOther(DropSum(try counting.stop { ledger.add($0, $1) }))
    }

    mutating func renderInterval(on page: TablePage, into buffer: inout ByteBuffer) {
        // On a terminal, keep idle rows so that the table does not jump; in a pipe, print only rows that counted
        // something.
        let showsIdle = page.repaints && !options.view.json
        render(ledger.closeInterval(seconds: page.seconds, showsIdle: showsIdle), on: page, into: &buffer)
    }

    mutating func renderWhole(on page: TablePage, into buffer: inout ByteBuffer) {
        let whole = ledger.finish(seconds: page.seconds)
        packets = whole.sum.packets
        render(whole, on: page, into: &buffer)
    }

    func account() -> RunSummary {
        RunSummary(
            matched: packets, delivered: packets, lost: 0, attached: plan.hooks.count, skipped: plan.skipped.count)
    }

    private mutating func render(_ block: DropBlock, on page: TablePage, into buffer: inout ByteBuffer) {
        if options.view.json {
            json.render(block, at: page.time, into: &buffer)
        } else {
            table.render(block, at: page.time, in: page.room, repaints: page.repaints, into: &buffer)
        }
    }
}

extension DropLedger {
    fileprivate mutating func add(_ key: UnsafeRawBufferPointer, _ count: DropCount) {
        guard let key = DropKey(key.bytes) else { return addOther(DropSum(count)) }
        add(DropSum(count), to: key)
    }
}

extension DropSum {
    fileprivate init(_ count: DropCount) { self.init(packets: count.packets, bytes: count.bytes) }
}
