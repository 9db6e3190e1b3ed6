import Events
import Tracers

/// Tells from the events of a context what became of its packet. It states what the events prove and no more.
///
/// Used over and over it does not allocate, but for packets whose skbs met different fates.
public struct EndingRules: Sendable {
    /// Fates that are told besides the packet's own.
    public static let maximumOthers = 3

    /// What events are asked for of their hooks: all but the name, which would be retained and released for each event.
    private struct Hook {
        var role: HookRole
        var frees: Bool
    }

    private let hooks: [Hook]
    /// The "reason" of a normal end, which newer kernels pass through the same function as drops.
    private let consumedReason: UInt32?
    /// What is left when no protocol wants it, whether or not a raw socket has had its copy.
    private let unwantedReasons: Set<UInt32>
    /// Those of the context at hand, in the order of their first events: one per skb, or several where an address was
    /// freed and another skb of the same packet got it.
    private var ways: [SkbWay] = []
    /// By skb, the index of its latest way; -1: none of its events were kept.
    private var latestWays: [Int] = []
    /// Where the packet is by the events so far: come in, and not gone out since.
    private var isReceived = false

    /// - Parameters:
    ///   - hooks: in the order of the attach plan.
    ///   - dropReasons: names by value as the kernel spells them.
    public init(hooks: [HookFacts], dropReasons: [UInt32: String] = [:]) {
        self.hooks = hooks.map { Hook(role: $0.role, frees: $0.flags.contains(.free)) }
        consumedReason = dropReasons.first { $0.value == "SKB_CONSUMED" }?.key
        unwantedReasons = Set(
            dropReasons.lazy.filter { reason in Self.unwanted.contains { reason.value.hasSuffix($0) } }.map(\.key))
    }

    /// include/net/dropreason-core.h, with or without the prefix SKB_DROP_REASON_.
    private static let unwanted = ["NOT_SPECIFIED", "NO_SOCKET", "IP_NOPROTO"]

    /// - Parameter releases: what freeing means at a place in the kernel that names no reason.
    public mutating func ending(
        of context: FinishedContext, releases: (UInt64) -> PartRelease
    ) -> ContextEnding {
        ways.removeAll(keepingCapacity: true)
        latestWays.removeAll(keepingCapacity: true)
        for _ in context.skbs.indices { latestWays.append(-1) }
        isReceived = false
        var lastEvent = 0
        for index in 0..<context.count where !context.isReturn(at: index) {
            let isEnd = follow(index, context, releases)
            if !isEnd { lastEvent = index }
        }
        for skb in latestWays.indices where latestWays[skb] >= 0 && context.hasEnded(skb: skb) {
            ways[latestWays[skb]].end()
        }
        let closure = isOver(context) ? .died : context.closure
        guard let own = ownFate else {
            return ContextEnding(closure: closure, fate: nil, others: [], isLostWholly: false, lastEvent: lastEvent)
        }
        return ContextEnding(
            closure: closure, fate: own, others: others(than: own, context),
            isLostWholly: closure == .died && ways.allSatisfy { $0.fate?.kind == .dropped || $0.isObserved },
            lastEvent: lastEvent)
    }

    /// True if nothing more can happen to the packet: what has been delivered is freed when the kernel finds the time
    /// (skb_attempt_defer_free, net/core/skbuff.c), which on a quiet machine takes long.
    private func isOver(_ context: FinishedContext) -> Bool {
        guard context.closure == .timedOut || context.closure == .runEnded, !context.hasUnlistedSkbs else {
            return false
        }
        return latestWays.indices.allSatisfy { skb in
            context.hasEnded(skb: skb) || (latestWays[skb] >= 0 && ways[latestWays[skb]].fate?.kind == .delivered)
        }
    }

    /// Adds an event to the way of its skb; true if it only tells of an end.
    private mutating func follow(
        _ index: Int, _ context: FinishedContext, _ releases: (UInt64) -> PartRelease
    ) -> Bool {
        let flags = context.flags(at: index)
        let hook = context.hook(at: index)
        let facts = hook < hooks.count ? hooks[hook] : nil
        let isEnd = flags.contains(.free) || facts?.frees == true
        guard let skb = context.skbIndex(at: index) else { return isEnd }
        let role = facts?.role ?? .aside
        var way = latestWays[skb]
        if way < 0 || (ways[way].isOver && !isEnd && role != .aside) {
            way = ways.count
            latestWays[skb] = way
            ways.append(SkbWay(isReceived: isReceived))
        }
        ways[way].add(
            index, role: role, flags: flags, isEnd: isEnd,
            isLoss: flags.contains(.drop) && isLoss(index, context, releases))
        isReceived = ways[way].isReceived
        return isEnd
    }

    private func isLoss(_ index: Int, _ context: FinishedContext, _ releases: (UInt64) -> PartRelease) -> Bool {
        guard let event = context.event(at: index) else { return true }
        if let reason = event.dropReason {
            if reason == consumedReason { return false }
            if !unwantedReasons.contains(reason) { return true }
        }
        guard let location = event.dropLocation else { return true }
        switch releases(location) {
        case .never: return true
        case .always: return false
        case .afterTheWhole:
            guard index > 0, let before = context.event(at: index - 1) else { return true }
            return !before.flags.contains(.free) || before.cpu != event.cpu || before.skb == event.skb
        }
    }

    private var ownFate: Fate? {
        if let delivery = first({ $0.kind == .delivered }) { return delivery }
        if let first = ways.first?.fate, first.kind != .consumed { return first }
        return latest { $0.kind != .consumed } ?? latest { _ in true }
    }

    private func first(_ isWanted: (Fate) -> Bool) -> Fate? {
        for way in ways {
            if let fate = way.fate, isWanted(fate) { return fate }
        }
        return nil
    }

    private func latest(_ isWanted: (Fate) -> Bool) -> Fate? {
        var latest: Fate?
        for way in ways {
            guard let fate = way.fate, isWanted(fate), fate.event >= latest?.event ?? 0 else { continue }
            latest = fate
        }
        return latest
    }

    private func others(than own: Fate, _ context: FinishedContext) -> [Fate] {
        var others: [Fate] = []
        var copies = takenCopies(context)
        for way in ways {
            guard let fate = way.fate, fate.kind != .consumed, !isSame(fate, own, context) else { continue }
            if fate.kind == .dropped, isRemainder(fate.event, of: &copies, context) { continue }
            if let known = others.firstIndex(where: { isSame(fate, $0, context) }) {
                others[known].skbs += 1
            } else if others.count < Self.maximumOthers {
                others.append(fate)
            }
        }
        return others
    }

    /// The namespaces where sockets took copies that were made for them: the original goes on to its protocol, which as a
    /// rule does not want it (raw_local_deliver, net/ipv4/raw.c). nil: not recorded.
    private func takenCopies(_ context: FinishedContext) -> [UInt32?] {
        var places: [UInt32?] = []
        for way in ways {
            guard !way.cameIn, let fate = way.fate, fate.kind == .delivered else { continue }
            places.append(context.event(at: fate.event)?.device?.netns)
        }
        return places
    }

    /// True if the drop is but the end of what a copy was taken of. Each copy explains one drop, in its own namespace:
    /// that of another machine's skb is news.
    private func isRemainder(_ drop: Int, of copies: inout [UInt32?], _ context: FinishedContext) -> Bool {
        guard !copies.isEmpty, let event = context.event(at: drop) else { return false }
        if let reason = event.dropReason, !unwantedReasons.contains(reason) { return false }
        let place = event.device?.netns
        guard let copy = copies.firstIndex(where: { $0 == nil || place == nil || $0 == place }) else { return false }
        copies.remove(at: copy)
        return true
    }

    /// True if a reader would take both for the same.
    private func isSame(_ left: Fate, _ right: Fate, _ context: FinishedContext) -> Bool {
        guard left.kind == right.kind else { return false }
        guard left.event != right.event, let one = context.event(at: left.event),
            let other = context.event(at: right.event)
        else { return true }
        switch left.kind {
        case .delivered: return one.task?.pid == other.task?.pid
        case .transmitted:
            return one.device?.ifindex == other.device?.ifindex && one.device?.netns == other.device?.netns
        case .dropped: return one.dropReason == other.dropReason && one.dropLocation == other.dropLocation
        case .consumed: return one.hook == other.hook
        }
    }
}
