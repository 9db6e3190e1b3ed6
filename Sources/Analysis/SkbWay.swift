import Events

/// What the events of one skb say about where it went.
struct SkbWay: BitwiseCopyable {
    /// It has come in and not gone out since; a copy starts where its original is.
    private(set) var isReceived: Bool
    /// It came in by itself, and not only as a copy of one that had.
    private(set) var cameIn = false
    /// An observer's copy, such as tcpdump's.
    private(set) var isObserved = false
    /// Its end was seen, be it by an event or without one.
    private var isFreed = false
    /// Indices of events; -1: none.
    private var transmission = -1
    private var delivery = -1
    private var drop = -1
    private var last = -1
    /// The last event that frees it.
    private var lastFree = -1

    /// - Parameter isReceived: the packet had come in when the skb was first seen.
    init(isReceived: Bool) {
        self.isReceived = isReceived
    }

    /// An event has freed it: if it is heard of again, it is another skb.
    var isOver: Bool { lastFree >= 0 }

    /// It has ended, whether or not an event shows it.
    mutating func end() { isFreed = true }

    mutating func add(_ index: Int, role: HookRole, flags: EventFlags, isEnd: Bool, isLoss: Bool) {
        if isLoss { drop = index }
        if flags.contains(.tap) { isObserved = true }
        if flags.contains(.free) {
            lastFree = index
            isFreed = true
        }
        if !isEnd { last = index }
        switch role {
        case .receive:
            isReceived = true
            cameIn = true
            transmission = -1
        case .transmit:
            isReceived = false
            transmission = index
        case .deliver:
            // What never came in, or went out since, is read through a tun device, and a tap's copy is for an observer:
            // no delivery of the packet. In an interrupt the current task is not the one that reads.
            if isReceived, flags.isDisjoint(with: [.interrupt, .tap]) { delivery = index }
        case .onward:
            // The device was a virtual one that passed the packet on.
            transmission = -1
        case .aside:
            break
        }
    }

    /// nil where no end is proved.
    var fate: Fate? {
        if delivery >= 0 { return Fate(kind: .delivered, event: delivery) }
        if drop >= 0 { return Fate(kind: .dropped, event: drop) }
        guard isFreed else { return nil }
        if transmission >= 0 { return Fate(kind: .transmitted, event: transmission) }
        // None of its events may have been kept.
        let event = last >= 0 ? last : lastFree
        return event >= 0 ? Fate(kind: .consumed, event: event) : nil
    }
}
