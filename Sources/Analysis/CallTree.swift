import Events

/// The nesting of calls among the events of one context.
///
/// A call contains the events between its entry and its return in the same thread of execution: in the same task if both are
/// known (a task may change its CPU meanwhile), otherwise on the same CPU, so that an interrupt is inside the code that it
/// interrupted. Calls without a return, tracepoints and returns without a call are leaves. Events that are not shown are left
/// out. Memory is reused from one context to the next.
public struct CallTree: Sendable {
    /// Events in the order in which a tree is printed: each is followed by the events inside it. Returns that belong to a call
    /// are left out.
    public private(set) var order: [Int] = []

    private var nodes: [Node] = []
    /// Calls that may contain further events, outermost first.
    private var open: [Int] = []

    private struct Node {
        var parent = -1
        var depth = 0
        var firstChild = -1
        var lastChild = -1
        var nextSibling = -1
        /// Position among the printed events, in order of time.
        var number = 0
    }

    /// The place of an event in the tree, for forms that list events in order of time.
    public struct Place: Sendable, Equatable {
        /// Number of calls around it.
        public let depth: Int
        /// The innermost of these calls; its number among the events, not counting returns that belong to a call.
        public let parent: Int?
    }

    public init() {}

    /// Replaces the tree of the previous context.
    public mutating func build(of context: FinishedContext) {
        nodes.removeAll(keepingCapacity: true)
        open.removeAll(keepingCapacity: true)
        var number = 0
        for index in 0..<context.count {
            nodes.append(Node())
            guard Self.isWritten(index, context) else { continue }
            nodes[index].number = number
            number += 1
            open.removeAll { context.partner(of: $0) ?? 0 < index }
            adopt(index, open.last { Self.call($0, holds: index, context) })
            if context.partner(of: index) != nil { open.append(index) }
        }
        sort(context)
    }

    public func depth(of event: Int) -> Int { nodes[event].depth }

    /// The innermost call around the event, as an index into the context; nil if there is none.
    public func parent(of event: Int) -> Int? { nodes[event].parent < 0 ? nil : nodes[event].parent }

    /// Whether another event follows in the same call or, for an outermost event, at the outermost level.
    public func hasSuccessor(_ event: Int) -> Bool { nodes[event].nextSibling >= 0 }

    public func hasChildren(_ event: Int) -> Bool { nodes[event].firstChild >= 0 }

    public func place(of event: Int) -> Place {
        Place(depth: depth(of: event), parent: parent(of: event).map { nodes[$0].number })
    }

    private mutating func adopt(_ child: Int, _ parent: Int?) {
        guard let parent else { return }
        nodes[child].parent = parent
        nodes[child].depth = nodes[parent].depth + 1
        if nodes[parent].lastChild < 0 {
            nodes[parent].firstChild = child
        } else {
            nodes[nodes[parent].lastChild].nextSibling = child
        }
        nodes[parent].lastChild = child
    }

    private static func isWritten(_ index: Int, _ context: FinishedContext) -> Bool {
        context.isShown(at: index) && !context.isToldWithCall(at: index)
    }

    private static func call(_ call: Int, holds index: Int, _ context: FinishedContext) -> Bool {
        guard let end = context.partner(of: call), end > index else { return false }
        // Calls that overlap without nesting ran in different threads, even if task and CPU are equal.
        if let ownEnd = context.partner(of: index), !context.isReturn(at: index), ownEnd > end { return false }
        guard let outer = context.event(at: call), let inner = context.event(at: index) else { return false }
        if let outerThread = outer.thread, let innerThread = inner.thread { return outerThread == innerThread }
        return outer.cpu == inner.cpu
    }

    private mutating func sort(_ context: FinishedContext) {
        order.removeAll(keepingCapacity: true)
        var lastRoot = -1
        for root in nodes.indices where nodes[root].parent < 0 {
            guard Self.isWritten(root, context) else { continue }
            if lastRoot >= 0 { nodes[lastRoot].nextSibling = root }
            lastRoot = root
            var node = root
            descent: while true {
                order.append(node)
                if nodes[node].firstChild >= 0 {
                    node = nodes[node].firstChild
                    continue
                }
                while node != root, nodes[node].nextSibling < 0 { node = nodes[node].parent }
                guard node != root else { break descent }
                node = nodes[node].nextSibling
            }
        }
    }
}

extension EventView {
    /// The thread that ran; nil in interrupts, which do not belong to it, and if it was not recorded.
    fileprivate var thread: UInt32? { flags.contains(.interrupt) ? nil : task?.tid }
}
