import Events
import Tracers

/// Derives the fate of a packet from the events of its context. It states only what the events prove.
///
/// A reused value does not allocate, except for packets whose skbs had different fates.
public struct EndingRules: Sendable {
    /// Maximum number of fates besides the packet's own.
    public static let maximumOthers = 3

    /// The facts about a hook that are needed for each event. Leaves out the name, which would cost a retain and a release per
    /// event.
    private struct Hook {
        var role: HookRole
        var frees: Bool
        /// It only runs while the packet is handled: it shows neither where the packet is nor what becomes of it.
        var isUnder: Bool
    }

    private let hooks: [Hook]
    /// The "reason" of a normal end, which newer kernels pass to the same function as drop reasons.
    private let consumedReason: UInt32?
    /// Reasons of an skb that no protocol handles, whether or not a raw socket has received a copy.
    private let unwantedReasons: Set<UInt32>
    /// The paths of the context's skbs, in the order of their first events: one per skb, or several if an address was freed and
    /// reused by another skb of the same packet.
    private var paths: [SkbPath] = []
    /// For each skb the index of its latest path; -1 if none of its events were kept.
    private var latestPaths: [Int] = []
    /// Whether the packet, by the events so far, has been received and not transmitted since.
    private var isReceived = false

    /// - Parameters:
    ///   - hooks: in the order of the attach plan.
    ///   - dropReasons: names as the kernel spells them, by value.
    public init(hooks: [HookFacts], dropReasons: [UInt32: String] = [:]) {
        self.hooks = hooks.map {
            Hook(role: $0.role, frees: $0.flags.contains(.free), isUnder: $0.flags.contains(.under))
        }
        consumedReason = dropReasons.first { $0.value == "SKB_CONSUMED" }?.key
        unwantedReasons = Set(
            dropReasons.lazy.filter { reason in Self.unwanted.contains { reason.value.hasSuffix($0) } }.map(\.key))
    }

    /// include/net/dropreason-core.h, with or without the prefix SKB_DROP_REASON_.
    private static let unwanted = ["NOT_SPECIFIED", "NO_SOCKET", "IP_NOPROTO"]

    /// - Parameter releases: the meaning of a free at an address in the kernel that gives no reason.
    public mutating func ending(
        of context: FinishedContext, releases: (UInt64) -> FragmentRelease
    ) -> ContextEnding {
        paths.removeAll(keepingCapacity: true)
        latestPaths.removeAll(keepingCapacity: true)
        for _ in context.skbs.indices { latestPaths.append(-1) }
        isReceived = false
        var lastEvent = 0
        for index in 0..<context.count where !context.isReturn(at: index) && !isUnder(context.hook(at: index)) {
            let isEnd = follow(index, context, releases)
            if !isEnd { lastEvent = index }
        }
        for skb in latestPaths.indices where latestPaths[skb] >= 0 && context.hasEnded(skb: skb) {
            paths[latestPaths[skb]].end()
        }
        let closure = isOver(context) ? .died : context.closure
        guard let own = ownFate else {
            return ContextEnding(closure: closure, fate: nil, others: [], isLostWholly: false, lastEvent: lastEvent)
        }
        return ContextEnding(
            closure: closure, fate: own, others: others(than: own, context),
            isLostWholly: closure == .died && paths.allSatisfy { $0.fate?.kind == .dropped || $0.isObserved },
            lastEvent: lastEvent)
    }

    private func isUnder(_ hook: Int) -> Bool { hook < hooks.count && hooks[hook].isUnder }

    /// Whether nothing more can happen to the packet: the kernel may free a delivered skb much later (skb_attempt_defer_free,
    /// net/core/skbuff.c), especially on an idle machine.
    private func isOver(_ context: FinishedContext) -> Bool {
        guard context.closure == .timedOut || context.closure == .runEnded, !context.hasUnlistedSkbs else {
            return false
        }
        return latestPaths.indices.allSatisfy { skb in
            context.hasEnded(skb: skb) || (latestPaths[skb] >= 0 && paths[latestPaths[skb]].fate?.kind == .delivered)
        }
    }

    /// Adds an event to the path of its skb; returns true if the event only shows an end.
    private mutating func follow(
        _ index: Int, _ context: FinishedContext, _ releases: (UInt64) -> FragmentRelease
    ) -> Bool {
        let flags = context.flags(at: index)
        let hook = context.hook(at: index)
        let facts = hook < hooks.count ? hooks[hook] : nil
        let isEnd = flags.contains(.free) || facts?.frees == true
        guard let skb = context.skbIndex(at: index) else { return isEnd }
        let role = facts?.role ?? .aside
        var path = latestPaths[skb]
        if path < 0 || (paths[path].isOver && !isEnd && role != .aside) {
            path = paths.count
            latestPaths[skb] = path
            paths.append(SkbPath(isReceived: isReceived))
        }
        paths[path].add(
            index, role: role, flags: flags, isEnd: isEnd,
            isLoss: flags.contains(.drop) && isLoss(index, context, releases))
        isReceived = paths[path].isReceived
        return isEnd
    }

    private func isLoss(_ index: Int, _ context: FinishedContext, _ releases: (UInt64) -> FragmentRelease) -> Bool {
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
        if let first = paths.first?.fate, first.kind != .consumed { return first }
        return latest { $0.kind != .consumed } ?? latest { _ in true }
    }

    private func first(_ isWanted: (Fate) -> Bool) -> Fate? {
        for path in paths {
            if let fate = path.fate, isWanted(fate) { return fate }
        }
        return nil
    }

    private func latest(_ isWanted: (Fate) -> Bool) -> Fate? {
        var latest: Fate?
        for path in paths {
            guard let fate = path.fate, isWanted(fate), fate.event >= latest?.event ?? 0 else { continue }
            latest = fate
        }
        return latest
    }

    private func others(than own: Fate, _ context: FinishedContext) -> [Fate] {
        var others: [Fate] = []
        var copies = takenCopies(context)
        for path in paths {
            guard let fate = path.fate, fate.kind != .consumed, !isSame(fate, own, context) else { continue }
            if fate.kind == .dropped, isRemainder(fate.event, of: &copies, context) { continue }
            if let known = others.firstIndex(where: { isSame(fate, $0, context) }) {
                others[known].skbs += 1
            } else if others.count < Self.maximumOthers {
                others.append(fate)
            }
        }
        return others
    }

    /// The namespaces in which sockets received copies: the original then goes to its protocol, which usually does not handle
    /// it (raw_local_deliver, net/ipv4/raw.c). An element is nil if the namespace was not recorded.
    private func takenCopies(_ context: FinishedContext) -> [UInt32?] {
        var places: [UInt32?] = []
        for path in paths {
            guard !path.cameIn, let fate = path.fate, fate.kind == .delivered else { continue }
            places.append(context.event(at: fate.event)?.device?.netns)
        }
        return places
    }

    /// Whether the drop is only the end of an skb of which a copy was delivered. Each copy explains one drop in its own
    /// namespace; a drop in another namespace is a loss of its own.
    private func isRemainder(_ drop: Int, of copies: inout [UInt32?], _ context: FinishedContext) -> Bool {
        guard !copies.isEmpty, let event = context.event(at: drop) else { return false }
        if let reason = event.dropReason, !unwantedReasons.contains(reason) { return false }
        let place = event.device?.netns
        guard let copy = copies.firstIndex(where: { $0 == nil || place == nil || $0 == place }) else { return false }
        copies.remove(at: copy)
        return true
    }

    /// Whether both fates look the same to a reader.
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
