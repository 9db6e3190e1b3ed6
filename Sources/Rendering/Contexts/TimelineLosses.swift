public import Analysis
public import Text

extension ContextTracker.Counters {
    /// Appends the line for stderr that says what the limits of memory and time cost, newline included; nothing if nothing.
    public func renderLosses(into buffer: inout ByteBuffer) {
        var separator: StaticString = "packets: "
        func append(_ count: UInt64, _ one: StaticString, _ many: StaticString, _ why: StaticString) {
            guard count > 0 else { return }
            buffer.append(separator)
            separator = "; "
            buffer.appendDecimal(count)
            buffer.append(count == 1 ? one : many)
            buffer.append(why)
        }
        append(
            evictedContexts, " packet", " packets",
            " shown before the end, since too many were alive at the same time (--max-packets, --max-memory)")
        append(
            truncatedEvents, " event", " events", " not kept, since a packet had too many (--max-packet-events)")
        append(unpairedCalls, " function", " functions", " not seen to return")
        append(
            unpairedReturns, " return", " returns",
            " of functions whose call was not kept, or whose packet was shown before")
        guard evictedContexts > 0 || truncatedEvents > 0 || unpairedCalls > 0 || unpairedReturns > 0 else { return }
        buffer.append(UInt8(ascii: "\n"))
    }
}

extension JSONObject {
    mutating func append(_ counters: ContextTracker.Counters, _ buffer: inout ByteBuffer) {
        number("collected", counters.contexts, &buffer)
        number("evicted", counters.evictedContexts, &buffer)
        number("truncated_events", counters.truncatedEvents, &buffer)
        number("unpaired_calls", counters.unpairedCalls, &buffer)
        number("unpaired_returns", counters.unpairedReturns, &buffer)
    }
}
