import Rendering
import Text

extension OutputSink {
    /// Prints the account of a run that showed tables: on standard error, and with JSON also as the last line of this
    /// output.
    mutating func end(with account: RunSummary, outcome: StaticString, json: Bool) throws {
        var buffer = ByteBuffer(capacity: 1 << 10)
        if json {
            account.renderJSON(into: &buffer)
            _ = write(&buffer)
        }
        account.renderText(outcome: outcome, into: &buffer)
        var messages = OutputSink.messages
        _ = messages.write(&buffer)
        try requireWritten()
    }
}
