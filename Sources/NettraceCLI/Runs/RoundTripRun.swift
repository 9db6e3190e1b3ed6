import Analysis
import Events
import Glibc
import KernelAccess
import Rendering
import Text

/// `--rtt`: round-trip times are counted in the kernel and shown as a table at intervals.
struct RoundTripRun: ~Copyable {
    private let run: ConnectionRun
    private let times: RoundTripArguments
    private let order: RoundTripOrder
    private var pacer: TablePacer
    private var table: RoundTripTable
    private var json: RoundTripTableJSON
    private var ledger = RoundTripLedger(limit: 1 << 13)
    private var unrowed: UInt64 = 0
    private var sink = OutputSink.standardOutput
    private var buffer = ByteBuffer(capacity: 16 << 10)

    init(_ run: ConnectionRun, _ times: RoundTripArguments, order: RoundTripOrder, dimensions: [RoundTripDimension]) {
        self.run = run
        self.times = times
        self.order = order
        pacer = TablePacer(seconds: times.every, limit: run.count)
        table = RoundTripTable(
            dimensions: dimensions, showsHistograms: times.histogram, coloured: OutputSink.standardOutput.wantsColour)
        json = RoundTripTableJSON(dimensions: dimensions, showsHistograms: times.histogram, limit: run.top)
    }

    consuming func run(_ watching: consuming ConnectionWatch) throws {
        var watch = watching
        while pacer.wait(for: &sink) {
            try collect(&watch)
            let showsIdle = repaints && !run.json
            show(ledger.closeInterval(seconds: pacer.lap(), showsIdle: showsIdle))
        }
        let seconds = pacer.seconds
        watch.closeGate()
        if times.samples != .first { try watch.sampleAll() }
        try collect(&watch)
        let whole = ledger.finish(seconds: seconds)
        show(whole)
        let count = whole.sum.count
        var account = RunSummary(
            matched: count, delivered: count, lost: 0, attached: watch.tracepoints.count, skipped: 0)
        account.untracked = try watch.losses().untracked
        try sink.end(with: account, outcome: "counted", json: run.json)
    }

    private mutating func collect(_ watch: inout ConnectionWatch) throws {
        try watch.collect { key, row in
            guard let key = RoundTripKey(key.bytes), let row = RoundTripRow(row.bytes) else { return }
            ledger.add(RoundTrips(row), to: key)
        }
        let now = try watch.losses().unrowed
        ledger.addOther(RoundTrips(unknown: now - unrowed))
        unrowed = now
    }

    /// Tables with histograms are too high to repaint.
    private var repaints: Bool { sink.isTerminal && !times.histogram }

    private mutating func show(_ unsorted: RoundTripBlock) {
        var block = unsorted
        order.sort(&block)
        let time = nanoseconds(of: CLOCK_REALTIME)
        if run.json {
            json.render(block, at: time, into: &buffer)
        } else {
            let room = repaints ? sink.room(for: run.top).room : TableRoom(rows: run.top ?? 20)
            table.render(block, at: time, in: room, repaints: repaints, into: &buffer)
        }
        _ = sink.write(&buffer)
    }
}
