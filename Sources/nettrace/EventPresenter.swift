import Events
import Rendering

/// Records → text or JSON on standard output; counts what was shown and what was not.
struct EventPresenter: ~Copyable {
    private enum Form {
        case lines(LineRenderer)
        case json(JSONRenderer)
    }

    private var form: Form
    private var sink = OutputSink.standardOutput
    private var buffer = ByteBuffer(capacity: Self.flushThreshold * 2)
    /// Events in the buffer: they count as delivered when it is written.
    private var pending: UInt64 = 0
    private let limit: UInt64

    /// Events that reached standard output.
    private(set) var delivered: UInt64 = 0
    /// Events left out on purpose: after the last of `-c`, or with nobody left to read them.
    private(set) var suppressed: UInt64 = 0

    private static let flushThreshold = 64 << 10

    init(_ options: TraceOptions, names: NameTable) {
        limit = options.count ?? .max
        form =
            options.json
            ? .json(JSONRenderer(names: names))
            : .lines(
                LineRenderer(
                    names: names, columns: options.columns, time: options.date ? .localDate : .monotonic,
                    coloured: sink.wantsColour))
    }

    var isDone: Bool { sink.isClosed || delivered + pending >= limit }

    /// Takes one record; false when no more are wanted.
    mutating func present(_ record: UnsafeRawBufferPointer) -> Bool {
        guard !isDone, let event = EventView(RawSpan(_unsafeBytes: record)) else {
            suppressed += 1
            return true
        }
        switch form {
        case .lines(var renderer):
            renderer.render(event, into: &buffer)
            form = .lines(renderer)
        case .json(var renderer):
            renderer.render(event, into: &buffer)
            form = .json(renderer)
        }
        pending += 1
        if buffer.count >= Self.flushThreshold { try? flush() }
        return true
    }

    /// Writes what has been rendered; called whenever the ring is empty.
    mutating func flush() throws {
        guard !buffer.isEmpty else { return sink.checkReader() }
        let count = pending
        pending = 0
        if try sink.write(&buffer) {
            delivered += count
        } else {
            suppressed += count
        }
    }

    /// The final accounting: in the JSON stream itself, or on standard error.
    mutating func finish(with summary: RunSummary, messages: inout OutputSink) throws {
        switch form {
        case .json:
            summary.renderJSON(into: &buffer)
            _ = try sink.write(&buffer)
        case .lines:
            break
        }
        summary.renderText(into: &buffer)
        _ = try messages.write(&buffer)
    }
}
