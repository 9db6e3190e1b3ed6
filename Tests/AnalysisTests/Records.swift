import Analysis
import CNettraceBPF
import Events
import Tracers

/// A record as the kernel side writes it: the head, and a task or device section if given.
struct Record {
    var context: UInt64 = 1
    var skb: UInt64 = 0x1000
    var time: UInt64 = 0
    var hook: Hook = .ipRcv
    var flags: UInt32 = 0
    var reason: UInt32 = 0
    var location: UInt64 = 0
    /// `Seen` returns it, so that each event can be recognised.
    var serial: UInt32 = 0
    var ifindex: UInt32?
    var netns: UInt32 = 1
    var pid: UInt32?
    var cpu: UInt16 = 0
    /// Time of entry of the function that returns here.
    var entered: UInt64?

    var bytes: [UInt8] {
        var head = nt_event()
        head.ts = time
        head.ctx = context
        head.skb = skb
        head.hook = UInt16(hook.rawValue)
        head.flags = UInt16(flags)
        head.reason = reason
        head.location = location
        head.len = serial
        head.cpu = cpu
        var sections: [UInt8] = []
        if let ifindex {
            head.sections |= UInt16(NT_SECTION_DEVICE)
            sections += raw(netns) + raw(ifindex) + [UInt8](repeating: 0, count: 16)
        }
        if let pid {
            head.sections |= UInt16(NT_SECTION_TASK)
            sections += raw(pid) + raw(pid) + [UInt8](repeating: 0, count: 16)
        }
        if let entered {
            head.flags |= UInt16(NT_EVENT_RETURN)
            head.sections |= UInt16(NT_SECTION_RETURN)
            sections += raw(UInt64(0)) + raw(entered)
        }
        return raw(head) + sections
    }

    private func raw<Value: BitwiseCopyable>(_ value: Value) -> [UInt8] {
        withUnsafeBytes(of: value) { Array($0) }
    }
}

/// The hooks of these tests, by index.
enum Hook: Int, CaseIterable {
    case netifReceive, ipRcv, ipForward, xmit, clone, copyToUser, kfree, consume, under

    static let facts = Self.allCases.map { hook in
        switch hook {
        case .netifReceive: HookFacts(tracer: "net:netif_receive_skb", role: .receive, flags: .matcher)
        case .ipRcv: HookFacts(tracer: "ip_rcv", role: .receive, flags: .matcher)
        case .ipForward: HookFacts(tracer: "ip_forward", role: .onward, flags: [])
        case .xmit: HookFacts(tracer: "dev_hard_start_xmit", role: .transmit, flags: [])
        case .clone: HookFacts(tracer: "skb_clone", role: .aside, flags: .clone)
        case .copyToUser: HookFacts(tracer: "skb:skb_copy_datagram_iovec", role: .deliver, flags: [])
        case .kfree: HookFacts(tracer: "skb:kfree_skb", role: .aside, flags: [.free, .drop])
        case .consume: HookFacts(tracer: "skb:consume_skb", role: .aside, flags: .free)
        case .under: HookFacts(tracer: "fib_table_lookup", role: .aside, flags: .under)
        }
    }

    static let rules = EndingRules(hooks: facts, dropReasons: [1: "SKB_CONSUMED", 3: "SKB_DROP_REASON_NO_SOCKET"])
}

/// The facts about a finished context that tests compare.
struct Seen: Equatable {
    var number: UInt64
    var closure: ContextClosure
    var skbs: [UInt64]
    var times: [UInt64]
    var serials: [UInt32]
    /// By event, the address at `skbIndex`.
    var owners: [UInt64?]
    var truncated: Int
    var hidden: Int
    var shown: Int
    var hasUnlistedSkbs: Bool
    var duration: UInt64
    /// The closure after the ending rules.
    var told: ContextClosure
    var fate: Fate?
    var others: [Fate]
    var isLostWholly: Bool
    var lastEvent: Int
    /// By event, the index of the other end of the call.
    var partners: [Int?]
    /// By event, the call that contains it.
    var parents: [Int?]
    /// Events in the order of the call tree, each as depth and index.
    var tree: [[Int]]

    init(_ context: FinishedContext) {
        number = context.number
        closure = context.closure
        skbs = context.skbs.indices.map { context.skbs[$0] }
        times = (0..<context.count).map { context.timestamp(at: $0) }
        serials = (0..<context.count).map { context.event(at: $0)?.length ?? .max }
        owners = (0..<context.count).map { index in context.skbIndex(at: index).map { context.skbs[$0] } }
        truncated = context.truncatedEvents
        hidden = context.hiddenEvents
        shown = context.shownEvents
        hasUnlistedSkbs = context.hasUnlistedSkbs
        duration = context.duration
        var rules = Hook.rules
        let ending = rules.ending(of: context) { _ in .never }
        told = ending.closure
        fate = ending.fate
        others = ending.others
        isLostWholly = ending.isLostWholly
        lastEvent = ending.lastEvent
        partners = (0..<context.count).map { context.partner(of: $0) }
        var calls = CallTree()
        calls.build(of: context)
        parents = (0..<context.count).map { calls.parent(of: $0) }
        tree = calls.order.map { [calls.depth(of: $0), $0] }
    }
}

/// A tracker and all contexts that it has finished.
struct Tracking: ~Copyable {
    var tracker: ContextTracker
    var seen: [Seen] = []

    init(_ limits: ContextTracker.Limits = .init()) {
        tracker = ContextTracker(limits: limits)
    }

    @discardableResult
    mutating func accept(_ record: Record) -> ContextTracker.Acceptance {
        var found: [Seen] = []
        let bytes = record.bytes
        let acceptance = tracker.accept(bytes.span.bytes) { found.append(Seen($0)) }
        seen += found
        return acceptance
    }

    mutating func advance(to now: UInt64) {
        var found: [Seen] = []
        tracker.advance(to: now) { found.append(Seen($0)) }
        seen += found
    }

    mutating func finish() {
        var found: [Seen] = []
        tracker.finish { found.append(Seen($0)) }
        seen += found
    }
}

/// Tracks the records to the end of the run.
func track(_ records: [Record], _ limits: ContextTracker.Limits = .init()) -> [Seen] {
    var tracking = Tracking(limits)
    for record in records { tracking.accept(record) }
    tracking.finish()
    return tracking.seen
}
