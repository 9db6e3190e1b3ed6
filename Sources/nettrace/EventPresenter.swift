import Events
import Rendering
import SystemPackage

/// Records → text or JSON on standard output; counts what was shown and what was not.
struct EventPresenter<Renderer: EventRenderer>: ~Copyable {
    private var renderer: Renderer
    private var sink = OutputSink.standardOutput
    private var buffer = ByteBuffer(capacity: flushThreshold * 2)
    /// Events in the buffer: they count as delivered when it is written.
    private var pending: UInt64 = 0
    private let limit: UInt64

    /// Events that reached standard output.
    private(set) var delivered: UInt64 = 0
    /// Events left out on purpose: after the last of `-c`, or with nobody left to read them.
    private(set) var suppressed: UInt64 = 0

    /// - Parameter limit: how many events to show (`-c`).
    init(_ renderer: Renderer, limit: UInt64?) {
        self.renderer = renderer
        self.limit = limit ?? .max
    }

    var isDone: Bool { sink.isClosed || delivered + pending >= limit }

    /// Takes one record; false when no more are wanted.
    mutating func present(_ record: UnsafeRawBufferPointer) -> Bool {
        guard !isDone, let event = EventView(RawSpan(_unsafeBytes: record)) else {
            suppressed += 1
            return true
        }
        renderer.render(event, into: &buffer)
        pending += 1
        if buffer.count >= flushThreshold { flush() }
        return true
    }

    /// Writes what has been rendered; called whenever the ring is empty.
    mutating func flush() {
        guard !buffer.isEmpty else { return sink.checkReader() }
        if sink.write(&buffer) {
            delivered += pending
        } else {
            suppressed += pending
        }
        pending = 0
    }

    /// Why nothing more can be written, if that is more than the reader having left.
    var failure: Errno? { sink.failure }

    /// Writes a last line, such as the summary of a JSON stream.
    mutating func finish(_ appendLine: (inout ByteBuffer) -> Void) {
        appendLine(&buffer)
        _ = sink.write(&buffer)
    }
}

/// Large enough that writing is rare, small enough that nobody waits for it: it is also written when the ring is empty.
private let flushThreshold = 64 << 10
