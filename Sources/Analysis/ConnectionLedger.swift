public import Events

/// The connections of a run that have ended. Bounded memory: those that sort last are discarded and only counted.
public struct ConnectionLedger: Sendable {
    private var ended: [TCPConnection] = []
    private let order: ConnectionOrder
    private let limit: Int
    /// Number of discarded connections.
    public private(set) var others: UInt64 = 0

    /// - Parameter limit: maximum number of connections that are kept.
    public init(order: ConnectionOrder, limit: Int = 1 << 16) {
        self.order = order
        self.limit = max(limit, 1)
    }

    public mutating func add(_ connection: TCPConnection) {
        if ended.count >= limit { makeRoom(at: connection.ended ?? 0) }
        ended.append(connection)
    }

    private mutating func makeRoom(at now: UInt64) {
        order.sort(&ended, at: now)
        let kept = limit / 2
        others += UInt64(ended.count - kept)
        ended.removeLast(ended.count - kept)
    }

    /// All connections known at a time (CLOCK_MONOTONIC), sorted.
    ///
    /// - Parameter live: the connections that have not ended.
    public func block(with live: [TCPConnection], at now: UInt64, isFinal: Bool) -> ConnectionBlock {
        var all = ended + live
        order.sort(&all, at: now)
        return ConnectionBlock(connections: all, others: others, now: now, isFinal: isFinal)
    }
}

/// A snapshot of the connections of a run.
public struct ConnectionBlock: Sendable {
    /// In the selected order.
    public var connections: [TCPConnection]
    /// Number of connections that were discarded to bound memory.
    public var others: UInt64
    /// Time of the snapshot: nanoseconds of CLOCK_MONOTONIC.
    public var now: UInt64
    /// Whether the run has ended.
    public var isFinal: Bool

    public init(connections: [TCPConnection], others: UInt64 = 0, now: UInt64, isFinal: Bool = true) {
        self.connections = connections
        self.others = others
        self.now = now
        self.isFinal = isFinal
    }
}

/// The sort key of a table of connections, largest first.
public enum ConnectionOrder: String, CaseIterable, Sendable {
    case bytes, sent, received, segments, retrans, lost, rtt, stops, duration

    func sort(_ connections: inout [TCPConnection], at now: UInt64) {
        connections.sort { left, right in
            let (first, second) = (value(left, at: now), value(right, at: now))
            return first != second ? first > second : left.started < right.started
        }
    }

    private func value(_ connection: TCPConnection, at now: UInt64) -> UInt64 {
        switch self {
        case .bytes: connection.sent.bytes &+ connection.received.bytes
        case .sent: connection.sent.bytes
        case .received: connection.received.bytes
        case .segments: UInt64(connection.sent.segments) + UInt64(connection.received.segments)
        case .retrans: UInt64(connection.retransmits)
        case .lost: UInt64(connection.lost)
        case .rtt: UInt64(connection.smoothedRTT)
        case .stops: UInt64(connection.sendWindow.stops) + UInt64(connection.receiveWindow.stops)
        case .duration: connection.duration(at: now)
        }
    }
}
