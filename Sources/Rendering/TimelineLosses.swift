public import Analysis

extension ContextTracker.Counters {
    /// Appends the line for stderr that says what the limits of memory cost, newline included; nothing if nothing.
    public func renderLosses(into buffer: inout ByteBuffer) {
        guard evictedContexts > 0 || truncatedEvents > 0 else { return }
        buffer.append("timeline: ")
        if evictedContexts > 0 {
            buffer.appendDecimal(evictedContexts)
            buffer.append(evictedContexts == 1 ? " packet" : " packets")
            buffer.append(" shown before the end, since too many were alive at the same time")
        }
        if truncatedEvents > 0 {
            buffer.append(evictedContexts > 0 ? "; " : "")
            buffer.appendDecimal(truncatedEvents)
            buffer.append(truncatedEvents == 1 ? " event" : " events")
            buffer.append(" not kept, since a packet had too many")
        }
        buffer.append(UInt8(ascii: "\n"))
    }
}
