import Events

/// Which call happened inside which, among the events of one context.
///
/// A call holds what happened between its entry and its return in the same thread of execution: in the same task where
/// both are known (a task may change its CPU meanwhile), otherwise on the same CPU, so that an interrupt is inside what it
/// interrupted. Calls without a return, tracepoints and returns without a call are leaves. Memory is kept from one
/// context to the next. Events that are not shown are no part of it.
public struct CallTree: Sendable {
    /// Events in the order in which a tree is written: each followed by what happened inside it. Returns that belong to a
    /// call are left out.
    public private(set) var order: [Int] = []

    private var nodes: [Node] = []
    /// Events that are calls and may still hold others, outermost first.
    private var open: [Int] = []

    private struct Node {
        var parent = -1
        var depth = 0
        var firstChild = -1
        var lastChild = -1
        var nextSibling = -1
        /// Among the events that are written, in the order of time.
        var number = 0
    }

    /// Where an event is in the tree, for forms that list events in the order of time.
    public struct Place: Sendable, Equatable {
        /// Calls that it is inside of.
        public let depth: Int
        /// The innermost of them; events are counted without the returns that belong to a call.
        public let parent: Int?
    }

    public init() {}

    /// Takes the place of the tree of the context before.
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

    /// The call that it happened in, as an index of the context.
    public func parent(of event: Int) -> Int? { nodes[event].parent < 0 ? nil : nodes[event].parent }

    /// What happens after it in the same call, or, for an outermost one, after it.
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
        // What overlaps and does not nest ran elsewhere, whatever the rest says.
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
    /// The thread that ran; nil in interrupts, where it is a bystander, and where it was not recorded.
    fileprivate var thread: UInt32? { flags.contains(.interrupt) ? nil : task?.tid }
}
