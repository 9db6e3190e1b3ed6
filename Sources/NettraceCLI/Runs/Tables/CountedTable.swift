import Glibc
import Rendering
import Text

/// A table whose rows the kernel counts, as `TableRun` drives it.
protocol CountedTable: ~Copyable {
    /// The verb of the account: "counted", "shown".
    static var outcome: StaticString { get }

    /// Waits up to this many seconds, and meanwhile takes in what the kernel sends.
    mutating func wait(seconds: Double) throws
    /// Takes in what the kernel has counted until now.
    mutating func collect() throws
    /// Renders what was counted since the previous table.
    mutating func renderInterval(on page: TablePage, into buffer: inout ByteBuffer)
    /// Ends counting and takes in the rest.
    mutating func finish() throws
    /// Renders what was counted in the whole run; called once, after `finish`.
    mutating func renderWhole(on page: TablePage, into buffer: inout ByteBuffer)
    /// The account of the run, after `renderWhole`.
    func account() throws -> RunSummary
}

extension CountedTable where Self: ~Copyable {
    mutating func wait(seconds: Double) { usleep(UInt32(seconds * 1e6)) }
}

/// Time and space of one table.
struct TablePage {
    /// Seconds of the interval, or of the run for the last table.
    let seconds: Double
    /// Seconds since the start of the run.
    let elapsed: Double
    /// Nanoseconds of CLOCK_REALTIME.
    let time: Int64
    /// Space on the terminal, or as many rows as the user wants.
    let room: TableRoom
    /// The table is painted over the previous one.
    let repaints: Bool

    /// - Parameter top: maximum number of rows that the user wants.
    init(_ sink: OutputSink, top: Int?, seconds: Double, elapsed: Double) {
        self.seconds = seconds
        self.elapsed = elapsed
        time = nanoseconds(of: CLOCK_REALTIME)
        guard let size = sink.terminalSize else {
            (room, repaints) = (TableRoom(rows: top ?? 20), false)
            return
        }
        // Minus the heading, the titles, the remainder, and the line of the cursor.
        let rows = max(size.rows - 5, 1)
        (room, repaints) = (TableRoom(rows: min(top ?? rows, rows), width: size.columns, isStrict: true), true)
    }
}
