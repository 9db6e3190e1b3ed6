public import Text

/// The account of one tracer's events: matched = received + lost, and of all that were received each is delivered or suppressed.
public struct TracerAccount: Sendable, Equatable {
    public var tracer: String
    /// Events that passed the filter in the kernel.
    public var matched: UInt64
    /// Events that arrived here.
    public var received: UInt64
    /// Events that found no room in the ring buffer.
    public var lost: UInt64
    /// Events beyond the limit of `--rate-limit`.
    public var limited: UInt64

    public init(tracer: String, matched: UInt64, received: UInt64, lost: UInt64, limited: UInt64 = 0) {
        self.tracer = tracer
        self.matched = matched
        self.received = received
        self.lost = lost
        self.limited = limited
    }
}

extension RunSummary {
    /// Appends a line for each tracer that had events, for those who want to know it exactly (`-v`).
    public func renderTracersText(into buffer: inout ByteBuffer) {
        for account in tracers where account.matched > 0 {
            buffer.appendEscaped(account.tracer.utf8.span.bytes)
            buffer.append(": ")
            buffer.appendDecimal(account.matched)
            buffer.append(" matched, ")
            buffer.appendDecimal(account.received)
            buffer.append(" received, ")
            buffer.appendDecimal(account.lost)
            buffer.append(" lost")
            if account.limited > 0 {
                buffer.append(", ")
                buffer.appendDecimal(account.limited)
                buffer.append(" left out")
            }
            buffer.append("\n")
        }
    }

    func renderMissed(into buffer: inout ByteBuffer) {
        guard let missed, missed > 0 else { return }
        buffer.append("; the kernel could not look at ")
        buffer.appendDecimal(missed)
        buffer.append(missed == 1 ? " passage of a hook" : " passages of hooks")
    }

    func renderTracers(_ object: inout JSONObject, _ buffer: inout ByteBuffer) {
        if let missed { object.number("missed", missed, &buffer) }
        let active = tracers.filter { $0.matched > 0 }
        guard !active.isEmpty else { return }
        object.array("per_tracer", active, &buffer) { account, element, buffer in
            element.text("tracer", account.tracer.utf8.span.bytes, &buffer)
            element.number("matched", account.matched, &buffer)
            element.number("received", account.received, &buffer)
            element.number("lost", account.lost, &buffer)
            if account.limited > 0 { element.number("limited", account.limited, &buffer) }
        }
    }
}
