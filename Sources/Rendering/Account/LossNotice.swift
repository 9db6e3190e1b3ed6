public import Text

/// Told while a run goes on: events have just been lost.
public struct LossNotice: Sendable, Equatable {
    /// When it was noticed: nanoseconds of CLOCK_MONOTONIC.
    public var time: UInt64
    /// Events lost since the last notice.
    public var events: UInt64
    /// Events lost since the run began.
    public var total: UInt64

    public init(time: UInt64, events: UInt64, total: UInt64) {
        self.time = time
        self.events = events
        self.total = total
    }

    /// Appends the line for stderr, newline included.
    public func renderText(into buffer: inout ByteBuffer) {
        buffer.append("lost ")
        buffer.appendDecimal(events)
        buffer.append(events == 1 ? " event" : " events")
        buffer.append(" just now, ")
        buffer.appendDecimal(total)
        buffer.append(" so far: they came faster than they were read; filter more, or give --ring-size\n")
    }

    /// Appends the line of a JSON stream.
    public func renderJSON(into buffer: inout ByteBuffer) {
        var object = JSONObject()
        object.word("type", "lost", &buffer)
        object.number("ts", time, &buffer)
        object.number("events", events, &buffer)
        object.number("total", total, &buffer)
        object.end(&buffer)
        buffer.append(UInt8(ascii: "\n"))
    }
}
