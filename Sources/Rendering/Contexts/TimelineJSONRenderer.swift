public import Analysis
public import Events
public import Pipeline
public import Text

/// One JSON object per packet and line, its events inside; docs/OUTPUT.md and docs/event.schema.json name every key.
public struct TimelineJSONRenderer: ContextRenderer {
    private var events: JSONRenderer
    private let names: NameTable
    private let payload: PayloadForm?
    /// nil: events are not nested.
    private var tree: CallTree?

    /// Bytes of one context's events at most; further ones are counted.
    private let room: Int

    /// The context's object, which stays open for its verdict.
    private var object = JSONObject()

    /// - Parameters:
    ///   - nested: show the place of each event in the call tree (`--graph`).
    ///   - room: bytes of one context's events at most.
    public init(names: NameTable, nested: Bool = false, payload: PayloadForm? = nil, room: Int = .max) {
        self.room = room
        tree = nested ? CallTree() : nil
        events = JSONRenderer(names: names, payload: payload)
        self.payload = payload
        self.names = names
    }

    /// Appends the context's object but for its end.
    public mutating func render(_ context: FinishedContext, _ ending: ContextEnding, into buffer: inout ByteBuffer) {
        var object = JSONObject()
        object.word("type", "context", &buffer)
        object.hex("ctx", context.number, width: 16, &buffer)
        object.key("skbs", &buffer)
        buffer.append(UInt8(ascii: "["))
        for index in context.skbs.indices where !context.isOfFrames {
            buffer.append(index == 0 ? "\"0x" : ",\"0x")
            buffer.appendHex(context.skbs[index], width: 16)
            buffer.append(UInt8(ascii: "\""))
        }
        buffer.append(UInt8(ascii: "]"))
        object.flag("more_skbs", context.hasUnlistedSkbs, &buffer)
        object.object("end", &buffer) { $0.append(ending, of: context, names, &$1) }
        object.number("total_ns", context.duration, &buffer)
        if context.truncatedEvents > 0 {
            object.number("truncated_events", context.truncatedEvents, &buffer)
        }
        if context.hiddenEvents > 0 { object.number("hidden_events", context.hiddenEvents, &buffer) }
        appendEvents(of: context, &object, &buffer)
        self.object = object
    }

    public mutating func render(_ verdict: VerdictTally.Entry, into buffer: inout ByteBuffer) {
        object.verdict(verdict, &buffer)
    }

    public mutating func renderEndOfContext(into buffer: inout ByteBuffer) {
        object.end(&buffer)
        buffer.append(UInt8(ascii: "\n"))
    }

    /// Returns are shown with their calls, unless these are missing.
    private mutating func appendEvents(
        of context: FinishedContext, _ object: inout JSONObject, _ buffer: inout ByteBuffer
    ) {
        object.key("events", &buffer)
        tree?.build(of: context)
        var separator = UInt8(ascii: "[")
        var changes = payload.map { _ in PayloadChanges(fromLink: true) }
        let start = buffer.count
        var omitted = 0
        for index in 0..<context.count {
            guard context.isShown(at: index), !context.isToldWithCall(at: index),
                let event = context.event(at: index)
            else { continue }
            guard buffer.count - start < room else {
                omitted += 1
                continue
            }
            buffer.append(separator)
            separator = UInt8(ascii: ",")
            events.appendObject(
                event, context.end(of: event, at: index), at: tree?.place(of: index),
                showsPayload: changes?.shows(event, at: index, of: context) ?? false, &buffer)
        }
        buffer.append(separator == UInt8(ascii: "[") ? "[]" : "]")
        if omitted > 0 { object.number("omitted_events", omitted, &buffer) }
    }

    /// Appends the event's own object and a newline.
    public mutating func renderUntracked(_ event: EventView, into buffer: inout ByteBuffer) {
        events.render(event, into: &buffer)
    }
}

extension JSONObject {
    /// The members of "end".
    fileprivate mutating func append(
        _ ending: ContextEnding, of context: FinishedContext, _ names: NameTable, _ buffer: inout ByteBuffer
    ) {
        // Of a packet that lives on, what became of it so far is but one of its fates.
        var own: Fate?
        switch ending.closure {
        case .died:
            if let fate = ending.fate {
                append(fate, of: context, names, &buffer)
            } else {
                word("how", "ended", &buffer)
            }
        case .timedOut, .runEnded, .evicted:
            word("how", ending.closure == .evicted ? "evicted" : "unfinished", &buffer)
            if ending.closure != .evicted {
                word("cause", ending.closure == .timedOut ? "timeout" : "end of run", &buffer)
            }
            if ending.lastEvent < context.count {
                appendTracer(context.hook(at: ending.lastEvent), names, &buffer)
            }
            if ending.fate?.kind != .consumed { own = ending.fate }
        }
        guard own != nil || !ending.others.isEmpty else { return }
        key("also", &buffer)
        var separator = UInt8(ascii: "[")
        if let own { appendShare(own, of: context, names, &separator, &buffer) }
        for fate in ending.others { appendShare(fate, of: context, names, &separator, &buffer) }
        buffer.append(UInt8(ascii: "]"))
    }

    private mutating func appendShare(
        _ fate: Fate, of context: FinishedContext, _ names: NameTable, _ separator: inout UInt8,
        _ buffer: inout ByteBuffer
    ) {
        buffer.append(separator)
        separator = UInt8(ascii: ",")
        var object = JSONObject()
        object.append(fate, of: context, names, &buffer)
        object.number("skbs", fate.skbs, &buffer)
        object.end(&buffer)
    }

    private mutating func append(
        _ fate: Fate, of context: FinishedContext, _ names: NameTable, _ buffer: inout ByteBuffer
    ) {
        guard let event = context.event(at: fate.event) else { return }
        switch fate.kind {
        case .delivered:
            word("how", "delivered", &buffer)
            if let task = event.task {
                number("pid", task.pid, &buffer)
                text("comm", task.command, &buffer)
            }
        case .transmitted:
            word("how", "transmitted", &buffer)
            if let device = event.device, device.ifindex != 0 {
                number("netns", device.netns, &buffer)
                number("ifindex", device.ifindex, &buffer)
                text("ifname", device.name, &buffer)
            }
        case .dropped:
            word("how", "dropped", &buffer)
            appendDropMembers(event, names, &buffer)
        case .consumed:
            word("how", "consumed", &buffer)
            appendTracer(event.hook, names, &buffer)
        }
    }

    private mutating func appendTracer(_ hook: Int, _ names: NameTable, _ buffer: inout ByteBuffer) {
        if hook < names.hooks.count {
            text("tracer", names.hooks[hook].tracer.utf8.span.bytes, &buffer)
        } else {
            quoted("tracer", &buffer) {
                $0.append("hook ")
                $0.appendDecimal(hook)
            }
        }
    }
}
