import Analysis
import Events
import Glibc
import KernelAccess
import Rendering
import Text

/// `--tcp-summary`: the kernel side follows connections. Those that have ended are kept in the ledger; live ones are
/// read when a table is due.
struct ConnectionSummaryRun: ~Copyable {
    private let run: ConnectionRun
    private let hasIntervals: Bool
    private var pacer: TablePacer
    private var table: ConnectionTable
    private var json: ConnectionJSON
    private var ledger: ConnectionLedger
    private var sink = OutputSink.standardOutput
    private var buffer = ByteBuffer(capacity: 16 << 10)

    init(_ run: ConnectionRun, seconds: Double?, order: ConnectionOrder) {
        self.run = run
        hasIntervals = seconds != nil
        pacer = TablePacer(seconds: seconds, limit: run.count)
        let names = SocketNames.ofThisMachine()
        table = ConnectionTable(names: names, order: order, coloured: OutputSink.standardOutput.wantsColour)
        json = ConnectionJSON(names: names, limit: run.top)
        ledger = ConnectionLedger(order: order)
    }

    consuming func run(_ watching: consuming ConnectionWatch) throws {
        var watch = watching
        steps: while true {
            switch pacer.next(sink) {
            case .end: break steps
            case .wait(let seconds): try drain(watch, milliseconds: Int32(seconds * 1000))
            case .table:
                _ = show(try block(watch, isFinal: false))
                _ = pacer.lap()
            }
            sink.checkReader()
        }
        watch.closeGate()
        try drain(watch, milliseconds: 0)
        let last = try block(watch, isFinal: true)
        let shown = UInt64(show(last))
        let known = UInt64(last.connections.count) + last.others
        let losses = try watch.losses()
        var account = RunSummary(
            matched: known + losses.undelivered, delivered: shown, lost: losses.undelivered,
            suppressed: known - shown, attached: watch.tracepoints.count, skipped: 0)
        account.untracked = losses.untracked
        try sink.end(with: account, outcome: "shown", json: run.json)
    }

    private mutating func drain(_ watch: borrowing ConnectionWatch, milliseconds: Int32) throws {
        try watch.poll(milliseconds: milliseconds) { record in
            if let connection = TCPConnection(record.bytes) { ledger.add(connection) }
        }
    }

    private func block(_ watch: borrowing ConnectionWatch, isFinal: Bool) throws -> ConnectionBlock {
        var live: [TCPConnection] = []
        try watch.connections { record in
            if let connection = TCPConnection(record.bytes) { live.append(connection) }
        }
        return ledger.block(with: live, at: eventTime(), isFinal: isFinal)
    }

    /// - Returns: number of connections in the table.
    private mutating func show(_ block: ConnectionBlock) -> Int {
        let time = nanoseconds(of: CLOCK_REALTIME)
        defer { _ = sink.write(&buffer) }
        if run.json { return json.render(block, at: time, into: &buffer) }
        var (room, repaints) = sink.room(for: run.top)
        // A table that is printed only once is never cut.
        if !hasIntervals { (room, repaints) = (TableRoom(rows: run.top ?? .max, width: .max), false) }
        table.render(block, seconds: pacer.seconds, at: time, in: room, repaints: repaints, into: &buffer)
        return min(room.rows, block.connections.count)
    }
}
