public import Analysis
public import Pipeline
public import Text

/// The account of a run: every matched event is delivered, suppressed or lost.
public struct RunSummary: Sendable, Equatable {
    /// Losses of one tracer.
    public struct TracerLoss: Sendable, Equatable {
        public var tracer: String
        public var lost: UInt64

        public init(tracer: String, lost: UInt64) {
            self.tracer = tracer
            self.lost = lost
        }
    }

    /// Events that passed the filter in the kernel.
    public var matched: UInt64
    /// Events that were shown.
    public var delivered: UInt64
    /// Events that found no room in the ring buffer.
    public var lost: UInt64
    /// Events that arrived and were left out on purpose, such as those after the last of `-c`.
    public var suppressed: UInt64
    /// Tracers that were attached.
    public var attached: Int
    /// Tracers that this kernel could not attach.
    public var skipped: Int
    /// Where the losses happened; tracers without losses are left out when rendering.
    public var losses: [TracerLoss]
    /// The account of each tracer, where it is known.
    public var tracers: [TracerAccount] = []
    /// How often the kernel passed a hook without running its program, since one was running already; nil if it does not report this.
    public var missed: UInt64?
    /// The account of packets that were collected as wholes; nil if they were not.
    public var tracking: ContextTracker.Counters?
    /// The suppressed events that the kernel side left out, since there were too many of a kind.
    public var limited: [Suppression] = []
    /// Segments of TCP connections that could not be followed, since the table of connections was full.
    public var untracked: UInt64 = 0
    /// The causes of losses; nil if packets were not judged.
    public var findings: VerdictTally?

    public init(
        matched: UInt64, delivered: UInt64, lost: UInt64, suppressed: UInt64 = 0, attached: Int, skipped: Int,
        losses: [TracerLoss] = []
    ) {
        self.matched = matched
        self.delivered = delivered
        self.lost = lost
        self.suppressed = suppressed
        self.attached = attached
        self.skipped = skipped
        self.losses = losses
    }

    /// Appends the line for stderr, newline included; above it, where there is something to say, what the limits of memory
    /// have cost.
    ///
    /// - Parameter outcome: what has happened to a delivered event.
    public func renderText(outcome: StaticString = "shown", into buffer: inout ByteBuffer) {
        findings?.renderText(into: &buffer)
        tracking?.renderLosses(into: &buffer)
        if untracked > 0 {
            buffer.appendDecimal(untracked)
            buffer.append(
                " segments are of connections for which the table had no room; a filter by address, port or --netns leaves more\n"
            )
        }
        buffer.append("summary: ")
        buffer.appendDecimal(matched)
        buffer.append(matched == 1 ? " event matched, " : " events matched, ")
        buffer.appendDecimal(delivered)
        buffer.append(" ")
        buffer.append(outcome)
        buffer.append(", ")
        buffer.appendDecimal(lost)
        buffer.append(" lost")
        if suppressed > 0 {
            buffer.append(", ")
            buffer.appendDecimal(suppressed)
            buffer.append(" suppressed")
        }
        buffer.append("; ")
        buffer.appendDecimal(attached)
        buffer.append(attached == 1 ? " tracer attached, " : " tracers attached, ")
        buffer.appendDecimal(skipped)
        buffer.append(" skipped")
        limited.renderText(into: &buffer)
        var separator: StaticString = "; lost at "
        for loss in losses where loss.lost > 0 {
            buffer.append(separator)
            separator = ", "
            buffer.appendEscaped(loss.tracer.utf8.span.bytes)
            buffer.append(": ")
            buffer.appendDecimal(loss.lost)
        }
        renderMissed(into: &buffer)
        buffer.append(UInt8(ascii: "\n"))
    }

    /// Appends the last object of a JSON stream and a newline.
    public func renderJSON(into buffer: inout ByteBuffer) {
        var object = JSONObject()
        object.word("type", "summary", &buffer)
        object.number("matched", matched, &buffer)
        object.number("delivered", delivered, &buffer)
        object.number("lost", lost, &buffer)
        object.number("suppressed", suppressed, &buffer)
        object.number("attached", attached, &buffer)
        object.number("skipped", skipped, &buffer)
        let losses = losses.filter { $0.lost > 0 }
        if !losses.isEmpty {
            object.array("losses", losses, &buffer) { loss, element, buffer in
                element.text("tracer", loss.tracer.utf8.span.bytes, &buffer)
                element.number("lost", loss.lost, &buffer)
            }
        }
        renderTracers(&object, &buffer)
        limited.renderJSON(&object, &buffer)
        if untracked > 0 { object.number("untracked_segments", untracked, &buffer) }
        findings?.renderJSON(&object, &buffer)
        if let tracking {
            object.object("packets", &buffer) { $0.append(tracking, &$1) }
        }
        object.end(&buffer)
        buffer.append(UInt8(ascii: "\n"))
    }
}
