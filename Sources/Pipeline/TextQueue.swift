import Text

/// Texts that wait, each with what it waits for.
struct TextQueue {
    struct Entry {
        /// nil: it only waits for those before it, since it belongs to no packet.
        var state: ContextDiagnosis.State?
        var events: UInt64
        /// Of the packet's end, in nanoseconds of CLOCK_MONOTONIC.
        var time: UInt64
        fileprivate var text: [UInt8] = []

        init(state: ContextDiagnosis.State?, events: UInt64, time: UInt64) {
            self.state = state
            self.events = events
            self.time = time
        }
    }

    private var entries: [Entry] = []
    /// Entries before this one have been removed.
    private var start = 0
    private(set) var bytes = 0

    /// Bytes that an entry takes beside its text, more or less.
    private static let overhead = 256

    var isEmpty: Bool { start == entries.count }
    var first: Entry? { isEmpty ? nil : entries[start] }

    mutating func append(_ entry: Entry, takingTextFrom start: Int, of buffer: inout ByteBuffer) {
        var entry = entry
        entry.text.reserveCapacity(buffer.count - start)
        buffer.copy(from: start, to: &entry.text)
        buffer.truncate(to: start)
        bytes += entry.text.count + Self.overhead
        entries.append(entry)
    }

    mutating func replaceFirst(_ state: ContextDiagnosis.State) {
        if !isEmpty { entries[start].state = state }
    }

    @discardableResult
    mutating func removeFirst(into buffer: inout ByteBuffer) -> Entry? {
        guard !isEmpty else { return nil }
        let entry = entries[start]
        buffer.append(entry.text.span.bytes)
        bytes -= entry.text.count + Self.overhead
        entries[start].text = []
        start += 1
        if isEmpty || start >= 1024 && start * 2 >= entries.count {
            entries.removeFirst(start)
            start = 0
        }
        return entry
    }
}
