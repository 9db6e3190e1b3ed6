import Analysis
import Events
import KernelAccess
import Rendering
import Text

/// `--rtt`: round-trip times are counted in the kernel and shown as a table at intervals.
struct CountedRoundTrips: CountedTable, ~Copyable {
    static let outcome: StaticString = "counted"

    private var watch: ConnectionWatch
    private let run: ConnectionRun
    private let times: RoundTripArguments
    private let order: RoundTripOrder
    private var table: RoundTripTable
    private var json: RoundTripTableJSON
    private var ledger = RoundTripLedger(limit: 1 << 13)
    private var unrowed: UInt64 = 0
    private var count: UInt64 = 0

    init(
        _ watch: consuming ConnectionWatch, _ run: ConnectionRun, _ times: RoundTripArguments,
        order: RoundTripOrder, dimensions: [RoundTripDimension]
    ) {
        self.watch = watch
        self.run = run
        self.times = times
        self.order = order
        table = RoundTripTable(
            dimensions: dimensions, showsHistograms: times.histogram, coloured: OutputSink.standardOutput.wantsColour)
        json = RoundTripTableJSON(dimensions: dimensions, showsHistograms: times.histogram, limit: run.top)
    }

    mutating func collect() throws {
        try watch.collect { key, row in
            guard let key = RoundTripKey(key.bytes), let row = RoundTripRow(row.bytes) else { return }
            ledger.add(RoundTrips(row), to: key)
        }
        let now = try watch.losses().unrowed
        ledger.addOther(RoundTrips(unknown: now - unrowed))
        unrowed = now
    }

    mutating func finish() throws {
        watch.closeGate()
        if times.samples != .first { try watch.sampleAll() }
        try collect()
    }

    mutating func renderInterval(on page: TablePage, into buffer: inout ByteBuffer) {
        let block = ledger.closeInterval(seconds: page.seconds, showsIdle: repaints(page) && !run.json)
        render(block, on: page, into: &buffer)
    }

    mutating func renderWhole(on page: TablePage, into buffer: inout ByteBuffer) {
        let whole = ledger.finish(seconds: page.seconds)
        count = whole.sum.count
        render(whole, on: page, into: &buffer)
    }

    func account() throws -> RunSummary {
        var account = RunSummary(
            matched: count, delivered: count, lost: 0, attached: watch.tracepoints.count, skipped: 0)
        account.untracked = try watch.losses().untracked
        return account
    }

    /// Tables with histograms are too high to repaint.
    private func repaints(_ page: TablePage) -> Bool { page.repaints && !times.histogram }

    private mutating func render(_ unsorted: RoundTripBlock, on page: TablePage, into buffer: inout ByteBuffer) {
        var block = unsorted
        order.sort(&block)
        if run.json {
            json.render(block, at: page.time, into: &buffer)
        } else {
            let room = repaints(page) ? page.room : TableRoom(rows: run.top ?? 20)
            table.render(block, at: page.time, in: room, repaints: repaints(page), into: &buffer)
        }
    }
}
