import Glibc
import KernelAccess
import Rendering
import Text

/// Decides when the next table is due, and when the run ends: after a signal, after a number of tables, or when the
/// reader has left.
struct TablePacer {
    private let start = ContinuousClock.now
    private let interval: Duration
    private let limit: UInt64
    private var last: ContinuousClock.Instant
    private var next: ContinuousClock.Instant
    private var tables: UInt64 = 0

    /// - Parameters:
    ///   - seconds: interval between tables; nil: one table at the end.
    ///   - limit: number of tables; nil: no limit.
    init(seconds: Double?, limit: UInt64?) {
        // A century: longer than any run, and within the range of the clock.
        interval = .seconds(seconds ?? 3.2e9)
        self.limit = limit ?? .max
        last = start
        next = start + interval
    }

    /// Seconds since the start.
    var seconds: Double { (ContinuousClock.now - start).inSeconds }

    enum Step {
        /// Wait for about this many seconds, then ask again.
        case wait(Double)
        case table
        case end
    }

    func next(_ sink: OutputSink) -> Step {
        guard !StopSignals.received, !sink.isClosed, tables < limit else { return .end }
        let left = (next - ContinuousClock.now).inSeconds
        // Short sleeps: a signal that arrives just before a sleep does not end it.
        return left > 0 ? .wait(min(left, 0.1)) : .table
    }

    /// Notes that a table is made now.
    ///
    /// - Returns: seconds since the previous table.
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

extension Duration {
    fileprivate var inSeconds: Double { Double(components.seconds) + Double(components.attoseconds) / 1e18 }
}
