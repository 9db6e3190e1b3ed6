public import Text

/// Events of one kind that were not shown since there were too many of them.
public struct Suppression: Sendable, Equatable {
    /// The kind, as events name it; "drop" for packets.
    public var event: String
    public var count: UInt64

    public init(event: String, count: UInt64) {
        self.event = event
        self.count = count
    }

    /// Appends a line: `[retransmit]: 1234 more, suppressed by --rate-limit`.
    public func renderText(into buffer: inout ByteBuffer) {
        buffer.append("[")
        buffer.appendEscaped(event.utf8.span.bytes)
        buffer.append("]: ")
        buffer.appendDecimal(count)
        buffer.append(" more, suppressed by --rate-limit\n")
    }

    /// Appends an object and a newline.
    public func renderJSON(into buffer: inout ByteBuffer) {
        var object = JSONObject()
        object.word("type", "suppressed", &buffer)
        append(to: &object, &buffer)
        object.end(&buffer)
        buffer.append(UInt8(ascii: "\n"))
    }

    func append(to object: inout JSONObject, _ buffer: inout ByteBuffer) {
        object.text("event", event.utf8.span.bytes, &buffer)
        object.number("count", count, &buffer)
    }
}

extension [Suppression] {
    /// Appends `; beyond the rate limit: drop: 20, retransmit: 30`.
    func renderText(into buffer: inout ByteBuffer) {
        var separator: StaticString = "; beyond the rate limit: "
        for part in self where part.count > 0 {
            buffer.append(separator)
            separator = ", "
            buffer.appendEscaped(part.event.utf8.span.bytes)
            buffer.append(": ")
            buffer.appendDecimal(part.count)
        }
    }

    func renderJSON(_ object: inout JSONObject, _ buffer: inout ByteBuffer) {
        let parts = filter { $0.count > 0 }
        guard !parts.isEmpty else { return }
        object.array("limited", parts, &buffer) { $0.append(to: &$1, &$2) }
    }
}
