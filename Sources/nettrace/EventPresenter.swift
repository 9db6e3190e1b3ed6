import Glibc
import Rendering
import SystemPackage

/// Carries a stream of events to standard output, and knows what has really got there.
struct EventPresenter<Stream: EventStream & ~Copyable>: ~Copyable {
    private var stream: Stream
    private var sink = OutputSink.standardOutput
    private var buffer = ByteBuffer(capacity: flushThreshold * 2)
    /// What the stream had shown when the buffer was last emptied.
    private var accounted: UInt64 = 0
    private var unwritten: UInt64 = 0

    /// Events that reached standard output.
    private(set) var delivered: UInt64 = 0

    init(_ stream: consuming Stream) { self.stream = stream }

    /// Events left out on purpose, or with nobody left to read them.
    var suppressed: UInt64 { stream.suppressedEvents + unwritten }

    var isDone: Bool { sink.isClosed || stream.isDone }

    /// Why nothing more can be written, if that is more than the reader having left.
    var failure: Errno? { sink.failure }

    /// Takes one record. Always wants the next: what comes after the end has to be counted too.
    mutating func present(_ record: UnsafeRawBufferPointer) -> Bool {
        stream.accept(record.bytes, into: &buffer)
        if buffer.count >= flushThreshold { write() }
        return true
    }

    /// To be called whenever the ring is empty.
    mutating func flush() {
        stream.advance(to: Self.now(), into: &buffer)
        if buffer.isEmpty {
            sink.checkReader()
        }
        write()
    }

    /// Shows what is left, and a last line, such as the summary of a JSON stream.
    mutating func finish(_ appendLine: (_ delivered: UInt64, _ suppressed: UInt64, inout ByteBuffer) -> Void) {
        stream.finish(into: &buffer)
        write()
        appendLine(delivered, suppressed, &buffer)
        write()
    }

    private mutating func write() {
        let shown = stream.shownEvents - accounted
        accounted = stream.shownEvents
        guard !buffer.isEmpty || shown > 0 else { return }
        if sink.write(&buffer) {
            delivered += shown
        } else {
            unwritten += shown
        }
    }

    /// CLOCK_MONOTONIC in nanoseconds, as in events.
    private static func now() -> UInt64 {
        var time = timespec()
        clock_gettime(CLOCK_MONOTONIC, &time)
        return UInt64(time.tv_sec) * 1_000_000_000 + UInt64(time.tv_nsec)
    }
}

/// Large enough that writing is rare, small enough that nobody waits for it: it is also written when the ring is empty.
private let flushThreshold = 64 << 10
