public import Events

/// Why a context is complete.
public enum ContextClosure: Sendable, Equatable {
    /// Its last skb was freed.
    case died
    /// Nothing was seen of it for the time of `ContextTracker.Limits.timeout`.
    case timedOut
    /// The run ended before it did.
    case runEnded
    /// Its memory was needed for younger ones.
    case evicted
}

/// All events of one packet, clones and segments included, in the order of time.
///
/// It borrows the tracker's memory: valid only during the call that hands it out.
public struct FinishedContext: ~Escapable {
    /// The packet's number (`nt_event.ctx`).
    public let number: UInt64
    public let closure: ContextClosure
    /// Events that were not kept, since the packet had too many of them.
    public let truncatedEvents: Int
    /// Events that are not shown, since the packet's headers no longer matched the filter; they tell of its end all the same.
    public let hiddenEvents: Int
    /// Events that were kept and are to be shown.
    public let shownEvents: Int
    /// True if the packet had more skbs than are listed.
    public let hasUnlistedSkbs: Bool
    /// Addresses of the packet's skbs in the order of their first appearance; at most `ContextTracker.maximumSkbs`.
    public let skbs: Span<UInt64>

    let events: Span<StoredEvent>
    private let partners: Span<Int32>
    /// One bit per listed skb whose end was not seen.
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

    /// Nanoseconds from the first event to the last. Functions return when the packet is long gone: that is no event of it.
    public var duration: UInt64 {
        var last = events.count - 1
        while last > 0, isReturn(at: last) { last -= 1 }
        return last <= 0 ? 0 : events[last].timestamp - events[0].timestamp
    }

    /// When the last event happened, in nanoseconds of CLOCK_MONOTONIC.
    public var endTime: UInt64 { events.isEmpty ? 0 : events[events.count - 1].timestamp }

    /// When the event happened, in nanoseconds of CLOCK_MONOTONIC; never less than the one before.
    public func timestamp(at index: Int) -> UInt64 { events[index].timestamp }

    /// Index into the attach plan's hooks.
    public func hook(at index: Int) -> Int { Int(events[index].hook) }

    /// True if the event is the return of a function.
    public func isReturn(at index: Int) -> Bool { events[index].has(.functionReturn) }

    /// True if the event is to be shown; others only tell what became of the packet.
    public func isShown(at index: Int) -> Bool { flags(at: index).isDisjoint(with: .unshown) }

    /// True if the event is shown with its call.
    public func isToldWithCall(at index: Int) -> Bool { isReturn(at: index) && partner(of: index) != nil }

    /// Of the call of a function, the index of its return; of a return, that of its call. nil where the other was not seen.
    public func partner(of index: Int) -> Int? {
        let partner = partners[index]
        return partner < 0 ? nil : Int(partner)
    }

    /// True if the skb was freed, whether or not an event shows it: where no tracer frees, the kernel side tells of the end
    /// alone.
    func hasEnded(skb index: Int) -> Bool { livingSkbs & (UInt64(1) << UInt64(index)) == 0 }

    func flags(at index: Int) -> EventFlags { EventFlags(rawValue: events[index].flags) }

    /// Index into `skbs` of the event's skb; nil where the event has none or it is not listed.
    public func skbIndex(at index: Int) -> Int? {
        let skb = events[index].skb
        return skb == StoredEvent.noSkb ? nil : Int(skb)
    }

    /// Event `index`; nil only if its record could not be read, which the tracker does not let in.
    @_lifetime(copy self)
    public func event(at index: Int) -> EventView? {
        EventView(records, events[index])
    }
}
