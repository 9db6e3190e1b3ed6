import Analysis
import Events
import Text

extension ByteBuffer {
    /// How a context ended, how long it took and how many skbs it had:
    /// `= transmitted on eth1, 152.310 µs, 2 skbs`.
    mutating func append(
        _ ending: ContextEnding, of context: FinishedContext, _ names: NameTable, _ style: Style
    ) {
        append("= ")
        var separator: StaticString = ""
        switch ending.closure {
        case .died: break
        case .timedOut: appendOpenEnd("unfinished (no end seen)", ending, context, names)
        case .runEnded: appendOpenEnd("unfinished (the run ended)", ending, context, names)
        case .evicted: appendOpenEnd("evicted (too many packets at a time)", ending, context, names)
        }
        if ending.closure != .died {
            separator = ", "
        } else if ending.fate == nil {
            appendOpenEnd("ended", ending, context, names)
            separator = ", "
        }
        // A part that is "consumed" while the packet lives on, in a clone or a queue, is no news.
        if let fate = ending.fate, ending.closure == .died || fate.kind != .consumed {
            append(separator)
            append(fate, of: context, names, style)
        }
        for fate in ending.others {
            append(", ")
            // Dropped copies of a packet that went its way otherwise: how many is what one wants to know.
            if fate.kind == .dropped { appendShare(fate, of: context) }
            append(fate, of: context, names, style)
        }
        append(", ")
        appendMicroseconds(context.duration)
        append(" µs")
        if context.skbs.count > 1 {
            append(", ")
            appendSkbs(of: context)
        }
        if context.truncatedEvents > 0 {
            append(", ")
            appendDecimal(context.truncatedEvents)
            append(context.truncatedEvents == 1 ? " more event not kept" : " more events not kept")
        }
        if context.hiddenEvents > 0 {
            append(", ")
            appendDecimal(context.hiddenEvents)
            append(context.hiddenEvents == 1 ? " event" : " events")
            append(" hidden by the filter (--skb-mode shows them)")
        }
    }

    /// `1 of 4 skbs `.
    private mutating func appendShare(_ fate: Fate, of context: FinishedContext) {
        appendDecimal(fate.skbs)
        append(" of ")
        appendSkbs(of: context)
        append(UInt8(ascii: " "))
    }

    private mutating func appendSkbs(of context: FinishedContext) {
        appendDecimal(context.skbs.count)
        append(context.hasUnlistedSkbs ? "+ skbs" : " skbs")
    }

    private mutating func appendOpenEnd(
        _ words: StaticString, _ ending: ContextEnding, _ context: FinishedContext, _ names: NameTable
    ) {
        append(words)
        guard ending.lastEvent < context.count else { return }
        append(", last at ")
        appendTracerName(context.hook(at: ending.lastEvent), names)
    }

    private mutating func append(_ fate: Fate, of context: FinishedContext, _ names: NameTable, _ style: Style) {
        guard let event = context.event(at: fate.event) else { return }
        switch fate.kind {
        case .delivered: appendDelivery(event)
        case .transmitted: appendTransmission(event)
        case .dropped: appendDrop(event, names, style)
        case .consumed:
            append("consumed after ")
            appendTracerName(event.hook, names)
        }
    }

    private mutating func appendDelivery(_ event: EventView) {
        append("delivered to socket")
        guard let task = event.task else { return }
        append(" of ")
        appendEscaped(task.command)
        append(" (pid ")
        appendDecimal(task.pid)
        append(UInt8(ascii: ")"))
    }

    private mutating func appendTransmission(_ event: EventView) {
        append("transmitted")
        guard let device = event.device, device.ifindex != 0 else { return }
        append(" on ")
        appendEscaped(device.name)
    }

    private mutating func appendDrop(_ event: EventView, _ names: NameTable, _ style: Style) {
        let isNormal = names.isNormalEnd(event)
        appendStyle(isNormal ? style.faint : style.drop)
        append(isNormal ? "ended" : "dropped")
        appendStyle(style.end)
        if let reason = event.dropReason {
            append(", reason: ")
            if let name = names.dropReasons[reason] {
                appendEscaped(name.span.bytes)
            } else {
                appendDecimal(reason)
            }
        }
        if isNormal { append(" (normal)") }
        if let location = event.dropLocation {
            append(", at ")
            appendEscaped(names.symbols.name(of: location).span.bytes)
        }
    }

    mutating func appendTracerName(_ hook: Int, _ names: NameTable) {
        if hook < names.hooks.count {
            appendEscaped(names.hooks[hook].tracer.utf8.span.bytes)
        } else {
            append("hook ")
            appendDecimal(hook)
        }
    }
}
