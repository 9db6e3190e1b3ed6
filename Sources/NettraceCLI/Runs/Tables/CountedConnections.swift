import Analysis
import Events
import KernelAccess
import Rendering
import Text

/// `--tcp-summary`: the kernel side follows connections. Those that have ended are kept in the ledger; live ones are
/// read when a table is due.
struct CountedConnections: CountedTable, ~Copyable {
    static let outcome: StaticString = "shown"

    private var watch: ConnectionWatch
    private let run: ConnectionRun
    private let hasIntervals: Bool
    private var table: ConnectionTable
    private var json: ConnectionJSON
    private var ledger: ConnectionLedger
    /// The block of the table that is due.
    private var block: ConnectionBlock
    /// Number of connections in the last table.
    private var shown = 0

    init(_ watch: consuming ConnectionWatch, _ run: ConnectionRun, seconds: Double?, order: ConnectionOrder) {
        self.watch = watch
        self.run = run
        hasIntervals = seconds != nil
        let names = SocketNames.ofThisMachine()
        table = ConnectionTable(names: names, order: order, coloured: OutputSink.standardOutput.wantsColour)
        json = ConnectionJSON(names: names, limit: run.top)
        ledger = ConnectionLedger(order: order)
        block = ledger.block(with: [], at: eventTime(), isFinal: false)
    }

    mutating func wait(seconds: Double) throws { try drain(milliseconds: Int32(seconds * 1000)) }

    mutating func collect() throws { try readLive(isFinal: false) }

    mutating func finish() throws {
        watch.closeGate()
        try drain(milliseconds: 0)
        try readLive(isFinal: true)
    }

    private mutating func drain(milliseconds: Int32) throws {
        try watch.poll(milliseconds: milliseconds) { record in
            if let connection = TCPConnection(record.bytes) { ledger.add(connection) }
        }
    }

    private mutating func readLive(isFinal: Bool) throws {
        var live: [TCPConnection] = []
        try watch.connections { record in
            if let connection = TCPConnection(record.bytes) { live.append(connection) }
        }
        block = ledger.block(with: live, at: eventTime(), isFinal: isFinal)
    }

    mutating func renderInterval(on page: TablePage, into buffer: inout ByteBuffer) {
        if run.json {
            shown = json.render(block, at: page.time, into: &buffer)
            return
        }
        // A table that is printed only once is never cut.
        let room = hasIntervals ? page.room : TableRoom(rows: run.top ?? .max, width: .max)
        table.render(
            block, seconds: page.elapsed, at: page.time, in: room, repaints: hasIntervals && page.repaints,
            into: &buffer)
        shown = min(room.rows, block.connections.count)
    }

    mutating func renderWhole(on page: TablePage, into buffer: inout ByteBuffer) {
        renderInterval(on: page, into: &buffer)
    }

    func account() throws -> RunSummary {
        let known = UInt64(block.connections.count) + block.others
        let losses = try watch.losses()
        var account = RunSummary(
            matched: known + losses.undelivered, delivered: UInt64(shown), lost: losses.undelivered,
            suppressed: known - UInt64(shown), attached: watch.tracepoints.count, skipped: 0)
        account.untracked = losses.untracked
        return account
    }
}
