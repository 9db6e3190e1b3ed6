import Rendering
import Text

/// The loop of all tables that the kernel counts: a table at each interval, one of the whole run, and the account.
struct TableRun: ~Copyable {
    private var pacer: TablePacer
    private let top: Int?
    private let json: Bool
    private var sink = OutputSink.standardOutput
    private var buffer = ByteBuffer(capacity: 16 << 10)

    /// - Parameters:
    ///   - seconds: interval between tables; nil: one table, at the end.
    ///   - limit: number of tables after which the run ends; nil: no limit.
    ///   - top: maximum number of rows; nil: the terminal's height, or 20.
    init(seconds: Double?, limit: UInt64?, top: Int?, json: Bool) {
        pacer = TablePacer(seconds: seconds, limit: limit)
        self.top = top
        self.json = json
    }

    /// - Parameter failure: the error that ends the run before its first interval.
    /// - Throws: the first error, after the table of what was counted until then and its account.
    consuming func run<Table: CountedTable & ~Copyable>(
        _ counted: consuming Table, unless failure: (any Error)? = nil
    ) throws {
        var table = counted
        var failure = failure
        if failure == nil {
            do { try showIntervals(of: &table) } catch { failure = error }
        }
        let elapsed = pacer.seconds
        do {
            try table.finish()
            table.renderWhole(on: page(seconds: elapsed, elapsed: elapsed), into: &buffer)
            _ = sink.write(&buffer)
            try end(with: table.account(), outcome: Table.outcome)
        } catch {
            throw failure ?? error
        }
        if let failure { throw failure }
    }

    private mutating func showIntervals<Table: CountedTable & ~Copyable>(of table: inout Table) throws {
        while true {
            switch pacer.next(sink) {
            case .end: return
            case .wait(let seconds): try table.wait(seconds: seconds)
            case .table:
                try table.collect()
                table.renderInterval(on: page(seconds: pacer.lap(), elapsed: pacer.seconds), into: &buffer)
                _ = sink.write(&buffer)
            }
            sink.checkReader()
        }
    }

    private func page(seconds: Double, elapsed: Double) -> TablePage {
        TablePage(sink, top: top, seconds: seconds, elapsed: elapsed)
    }

    /// Prints the account: on standard error, and with JSON also as the last line of the output.
    private mutating func end(with account: RunSummary, outcome: StaticString) throws {
        if json {
            account.renderJSON(into: &buffer)
            _ = sink.write(&buffer)
        }
        account.renderText(outcome: outcome, into: &buffer)
        var messages = OutputSink.messages
        _ = messages.write(&buffer)
        try sink.requireWritten()
    }
}
