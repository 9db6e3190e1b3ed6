import Glibc
import KernelAccess
import Rendering

/// When the next table is due, and when the run ends: by a signal, by the number of tables, or since nobody reads them.
struct TablePacer {
    private let start = ContinuousClock.now
    private let interval: Duration
    private let limit: UInt64
    private var last: ContinuousClock.Instant
    private var next: ContinuousClock.Instant
    private var tables: UInt64 = 0

    /// - Parameters:
    ///   - seconds: from table to table; nil: there is none before the end.
    ///   - limit: of tables; nil: no limit.
    init(seconds: Double?, limit: UInt64?) {
        // A century: further than anybody waits, and within what the clock can count.
        interval = .seconds(seconds ?? 3.2e9)
        self.limit = limit ?? .max
        last = start
        next = start + interval
    }

    /// Since the start.
    var seconds: Double { (ContinuousClock.now - start).inSeconds }

    enum Step {
        /// For about so many seconds, then ask again.
        case wait(Double)
        case table
        case end
    }

    func next(_ sink: OutputSink) -> Step {
        guard !StopSignals.received, !sink.isClosed, tables < limit else { return .end }
        let left = (next - ContinuousClock.now).inSeconds
        // A signal that comes just before a sleep does not end it.
        return left > 0 ? .wait(min(left, 0.1)) : .table
    }

    /// Waits until the next table is due. False where the run is to end before.
    func wait(for sink: inout OutputSink) -> Bool {
        while true {
            switch next(sink) {
            case .end: return false
            case .table: return true
            case .wait(let seconds): usleep(UInt32(seconds * 1e6))
            }
            sink.checkReader()
        }
    }

    /// A table is made now.
    ///
    /// - Returns: seconds since the one before.
    mutating func lap() -> Double {
        let now = ContinuousClock.now
        defer {
            last = now
            next = max(next + interval, now)
            tables += 1
        }
        return (now - last).inSeconds
    }
}

extension OutputSink {
    /// How large a table may be here, and whether it is to be painted over the last one.
    func room(for top: Int?) -> (room: TableRoom, repaints: Bool) {
        guard let size = terminalSize else { return (TableRoom(rows: top ?? 20), false) }
        // The heading, the titles, the remainder, and the line of the cursor.
        let rows = max(size.rows - 5, 1)
        return (TableRoom(rows: min(top ?? rows, rows), width: size.columns, isStrict: true), true)
    }
}

extension Duration {
    fileprivate var inSeconds: Double { Double(components.seconds) + Double(components.attoseconds) / 1e18 }
}
