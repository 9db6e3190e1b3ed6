public import Events

/// Wanted processes with their children and children's children.
///
/// A process is looked up when its first event arrives, since later nobody may know its parent.
public final class ProcessFamily {
    private let parent: (UInt32) -> UInt32?
    private let roots: Set<UInt32>
    private var members: Set<UInt32>
    /// Strangers, and the time at which they are looked up again, since their number may be given to a child.
    private var strangers: [UInt32: UInt64] = [:]

    /// Processes that are remembered at most; then all are forgotten, and found again by their next events.
    private static let limit = 1 << 16
    /// Longer lines of ancestors end here.
    private static let depth = 64
    /// Nanoseconds.
    private static let trust: UInt64 = 1_000_000_000

    /// - Parameter parent: the parent of a process; nil if it is gone.
    public init(_ roots: Set<UInt32>, parent: @escaping (UInt32) -> UInt32?) {
        self.roots = roots
        members = roots
        self.parent = parent
    }

    /// - Parameter time: of the event, in nanoseconds.
    public func contains(_ process: UInt32, at time: UInt64) -> Bool {
        guard !roots.isEmpty else { return false }
        if members.contains(process) { return true }
        if let end = strangers[process], time < end { return false }
        if members.count + strangers.count >= Self.limit {
            members = roots
            strangers = [:]
        }
        let isMember = descends(process)
        if isMember {
            members.insert(process)
            strangers[process] = nil
        } else {
            strangers[process] = time &+ Self.trust
        }
        return isMember
    }

    private func descends(_ process: UInt32) -> Bool {
        var process = process
        for _ in 0..<Self.depth {
            guard let next = parent(process), next > 1 || roots.contains(1) else { return false }
            if members.contains(next) { return true }
            process = next
        }
        return false
    }

    /// Looks up the process that handles the packet, before it ends.
    public func note(_ event: EventView) {
        guard let process = event.ownProcess?.pid else { return }
        _ = contains(process, at: event.timestamp)
    }
}
