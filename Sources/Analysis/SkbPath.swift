import Events
import Tracers

/// The path of one skb, as its events show it.
struct SkbPath: BitwiseCopyable {
    /// Whether it has been received and not transmitted since; a copy starts with the state of its original.
    private(set) var isReceived: Bool
    /// Whether it was received itself, not only as a copy of a received skb.
    private(set) var cameIn = false
    /// Whether it is an observer's copy, such as one for tcpdump.
    private(set) var isObserved = false
    /// Whether its end is known, from an event or without one.
    private var isFreed = false
    /// Indices of events; -1 if there is none.
    private var transmission = -1
    private var delivery = -1
    private var drop = -1
    private var last = -1
    /// Index of the last event that frees it.
    private var lastFree = -1

    /// - Parameter isReceived: whether the packet had been received when the skb was first seen.
    init(isReceived: Bool) {
        self.isReceived = isReceived
    }

    /// Whether an event has freed it: later events at this address belong to another skb.
    var isOver: Bool { lastFree >= 0 }

    /// Records that it has ended, even if no event shows it.
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
            // An skb that was never received, or was transmitted since, is read through a tun device, and a tap's copy
            // is for an observer: neither is a delivery of the packet. In an interrupt the current task is not the
            // reader.
            if isReceived, flags.isDisjoint(with: [.interrupt, .tap]) { delivery = index }
        case .onward:
            // The device was a virtual one that passed the packet on.
            transmission = -1
        case .aside:
            break
        }
    }

    /// nil if no end is proved.
    var fate: Fate? {
        if delivery >= 0 { return Fate(kind: .delivered, event: delivery) }
        if drop >= 0 { return Fate(kind: .dropped, event: drop) }
        guard isFreed else { return nil }
        if transmission >= 0 { return Fate(kind: .transmitted, event: transmission) }
        // Possibly none of its events were kept.
        let event = last >= 0 ? last : lastFree
        return event >= 0 ? Fate(kind: .consumed, event: event) : nil
    }
}
