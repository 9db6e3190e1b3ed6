public import Analysis
public import Events
public import Text

/// A form in which finished contexts are shown, one by one. Contexts come judged: no form works out an ending itself.
public protocol ContextRenderer {
    /// Appends the context in this form, up to where its verdict stands.
    mutating func render(_ context: FinishedContext, _ ending: ContextEnding, into buffer: inout ByteBuffer)
    /// Appends the verdict of the context before; called only where somebody misses the packet.
    mutating func render(_ verdict: VerdictTally.Entry, into buffer: inout ByteBuffer)
    /// Appends what stands after each context and its verdict.
    mutating func renderEndOfContext(into buffer: inout ByteBuffer)
    /// Appends an event that belongs to no packet.
    mutating func renderUntracked(_ event: EventView, into buffer: inout ByteBuffer)
    /// Appends what has waited; called when there is nothing to read. `now`: nanoseconds of CLOCK_MONOTONIC.
    mutating func renderPause(at now: UInt64, into buffer: inout ByteBuffer)
    /// Appends what there is to say after the last context.
    mutating func renderEnd(into buffer: inout ByteBuffer)
    /// Events of contexts that were rendered, but not yet appended.
    var waitingEvents: UInt64 { get }
}

extension ContextRenderer {
    public mutating func renderPause(at now: UInt64, into buffer: inout ByteBuffer) {}
    public mutating func renderEnd(into buffer: inout ByteBuffer) {}
    public var waitingEvents: UInt64 { 0 }
}
