public import Events

/// The reason that a context is complete.
public enum ContextClosure: Sendable, Equatable {
    /// Its last skb was freed.
    case died
    /// No event arrived for the duration of `ContextTracker.Limits.timeout`.
    case timedOut
    /// The run ended first.
    case runEnded
    /// Its memory was needed for newer contexts.
    case evicted
}

/// All events of one packet, including clones and segments, in order of time.
///
/// Borrows the tracker's memory: valid only during the call that receives it.
public struct FinishedContext: ~Escapable {
    /// The packet's number (`nt_event.ctx`).
    public let number: UInt64
    public let closure: ContextClosure
    /// Number of events that were not kept, since the packet had too many.
    public let truncatedEvents: Int
    /// Number of events that are not shown, since the packet's headers no longer matched the filter; they still determine its
    /// end.
    public let hiddenEvents: Int
    /// Number of kept events that are shown.
    public let shownEvents: Int
    /// Whether the packet had more skbs than are listed.
    public let hasUnlistedSkbs: Bool
    /// Addresses of the packet's skbs in the order of their first appearance; at most `ContextTracker.maximumSkbs`.
    public let skbs: Span<UInt64>

    let events: Span<StoredEvent>
    private let partners: Span<Int32>
    /// One bit per listed skb, set if its end was not seen.
    private let livingSkbs: UInt64
    private let records: RawSpan

    @_lifetime(copy events, copy partners, copy skbs, copy records)
    init(
        number: UInt64, closure: ContextClosure, truncatedEvents: Int, hiddenEvents: Int, unshownEvents: Int,
        hasUnlistedSkbs: Bool, livingSkbs: UInt64, skbs: Span<UInt64>, events: Span<StoredEvent>, partners: Span<Int32>,
        records: RawSpan
    ) {
        self.number = number
        self.closure = closure
        self.truncatedEvents = truncatedEvents
        self.hiddenEvents = hiddenEvents
        shownEvents = events.count - unshownEvents
        self.hasUnlistedSkbs = hasUnlistedSkbs
        self.livingSkbs = livingSkbs
        self.skbs = skbs
        self.events = events
        self.partners = partners
        self.records = records
    }

    /// Number of events that were kept.
    public var count: Int { events.count }

    /// Nanoseconds from the first event to the last. Returns of functions do not count, since they may be much later than the
    /// packet's end.
    public var duration: UInt64 {
        var last = events.count - 1
        while last > 0, isReturn(at: last) { last -= 1 }
        return last <= 0 ? 0 : events[last].timestamp - events[0].timestamp
    }

    /// Time of the last event, in nanoseconds of CLOCK_MONOTONIC.
    public var endTime: UInt64 { events.isEmpty ? 0 : events[events.count - 1].timestamp }

    /// Time of the event, in nanoseconds of CLOCK_MONOTONIC; never less than that of the previous event.
    public func timestamp(at index: Int) -> UInt64 { events[index].timestamp }

    /// Index into the attach plan's hooks.
    public func hook(at index: Int) -> Int { Int(events[index].hook) }

    /// Whether the event is the return of a function.
    public func isReturn(at index: Int) -> Bool { events[index].has(.functionReturn) }

    /// Whether the event is to be shown; other events only determine the packet's fate.
    public func isShown(at index: Int) -> Bool { flags(at: index).isDisjoint(with: .unshown) }

    /// Whether the event is a return that is shown with its call.
    public func isToldWithCall(at index: Int) -> Bool { isReturn(at: index) && partner(of: index) != nil }

    /// Index of a call's return, or of a return's call; nil if it was not seen.
    public func partner(of index: Int) -> Int? {
        let partner = partners[index]
        return partner < 0 ? nil : Int(partner)
    }

    /// Whether the skb was freed, even without an event: if no tracer shows the free, the kernel side reports only the end.
    func hasEnded(skb index: Int) -> Bool { livingSkbs & (UInt64(1) << UInt64(index)) == 0 }

    func flags(at index: Int) -> EventFlags { EventFlags(rawValue: events[index].flags) }

    /// Index into `skbs` of the event's skb; nil if the event has none, or if it is not listed.
    public func skbIndex(at index: Int) -> Int? {
        let skb = events[index].skb
        return skb == StoredEvent.noSkb ? nil : Int(skb)
    }

    /// Event `index`; nil only if its record cannot be read, which the tracker prevents.
    @_lifetime(copy self)
    public func event(at index: Int) -> EventView? {
        EventView(records, events[index])
    }
}
