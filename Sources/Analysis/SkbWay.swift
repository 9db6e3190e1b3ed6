import Events

/// What the events of one skb say about where it went.
struct SkbWay: BitwiseCopyable {
    private var isReceived = false
    private let isFreed: Bool
    /// Indices of events; -1: none.
    private var transmission = -1
    private var delivery = -1
    private var drop = -1
    private var last = -1
    /// The last event that frees it.
    private var end = -1

    /// - Parameter isFreed: its end was seen, be it by an event or without one.
    init(isFreed: Bool) { self.isFreed = isFreed }

    mutating func add(_ index: Int, role: HookRole, flags: EventFlags, isEnd: Bool, isLoss: Bool) {
        if isLoss { drop = index }
        if flags.contains(.free) { end = index }
        if !isEnd { last = index }
        switch role {
        case .receive:
            isReceived = true
            transmission = -1
        case .transmit:
            isReceived = false
            transmission = index
        case .deliver:
            // What never came in, or went out since, is a tap's copy or read through a tun device: not the packet's own
            // delivery. In an interrupt the current task is not the one that reads.
            if isReceived, !flags.contains(.interrupt) { delivery = index }
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
        let event = last >= 0 ? last : end
        return event >= 0 ? Fate(kind: .consumed, event: event) : nil
    }
}
