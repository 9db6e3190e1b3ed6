import Events
import Tracers

/// Tells from the events of a context what became of its packet. It states what the events prove and no more.
///
/// Used over and over it does not allocate, but for packets whose skbs met different fates.
public struct EndingRules: Sendable {
    /// Fates that are told besides the packet's own.
    public static let maximumOthers = 3

    private let hooks: [HookFacts]
    /// The "reason" of a normal end, which newer kernels pass through the same function as drops.
    private let consumedReason: UInt32?
    /// One per skb of the context at hand.
    private var ways: [SkbWay] = []

    /// - Parameters:
    ///   - hooks: in the order of the attach plan.
    ///   - dropReasons: names by value as the kernel spells them.
    public init(hooks: [HookFacts], dropReasons: [UInt32: String] = [:]) {
        self.hooks = hooks
        consumedReason = dropReasons.first { $0.value == "SKB_CONSUMED" }?.key
    }

    public mutating func ending(of context: FinishedContext) -> ContextEnding {
        ways.removeAll(keepingCapacity: true)
        for skb in context.skbs.indices {
            ways.append(SkbWay(isFreed: context.hasEnded(skb: skb)))
        }
        var lastEvent = 0
        for index in 0..<context.count where !context.isReturn(at: index) {
            let isEnd = follow(index, context)
            if !isEnd { lastEvent = index }
        }
        let own = ownFate
        var others: [Fate] = []
        for way in ways {
            guard others.count < Self.maximumOthers, let fate = way.fate, fate.kind != .consumed, let own,
                !isSame(fate, own, context), !others.contains(where: { isSame(fate, $0, context) })
            else { continue }
            others.append(fate)
        }
        return ContextEnding(fate: own, others: others, lastEvent: lastEvent)
    }

    /// Adds an event to the way of its skb; true if it only tells of an end.
    private mutating func follow(_ index: Int, _ context: FinishedContext) -> Bool {
        let flags = context.flags(at: index)
        let hook = context.hook(at: index)
        let facts = hook < hooks.count ? hooks[hook] : nil
        let isEnd = flags.contains(.free) || facts?.flags.contains(.free) == true
        guard let skb = context.skbIndex(at: index) else { return isEnd }
        ways[skb].add(
            index, role: facts?.role ?? .aside, flags: flags, isEnd: isEnd,
            isLoss: flags.contains(.drop) && isLoss(index, context))
        return isEnd
    }

    private func isLoss(_ index: Int, _ context: FinishedContext) -> Bool {
        let reason = context.event(at: index)?.dropReason
        return reason == nil || reason != consumedReason
    }

    private var ownFate: Fate? {
        if let first = ways.first?.fate, first.kind != .consumed {
            return first
        }
        return latest { $0.fate.flatMap { $0.kind == .consumed ? nil : $0 } } ?? latest(\.fate)
    }

    private func latest(_ fate: (SkbWay) -> Fate?) -> Fate? {
        var latest: Fate?
        for way in ways {
            guard let fate = fate(way), fate.event >= latest?.event ?? 0 else { continue }
            latest = fate
        }
        return latest
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
