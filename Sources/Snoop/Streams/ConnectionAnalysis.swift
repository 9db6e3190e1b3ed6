import Protocols

/// Follows the sequence numbers of TCP connections, to say what a segment repeats, misses or acknowledges.
///
/// The last `limit` connections are known; one that is forgotten begins anew with its next segment.
struct ConnectionAnalysis {
    private struct Direction {
        /// The sequence number after the highest that was seen; nil before the first segment.
        var next: UInt32?
        /// When the segment before `next` was seen.
        var time: Int64 = 0
        var acknowledged: UInt32?
        var window: UInt16 = 0
        var duplicates: UInt32 = 0
        /// Segments that were not acknowledged: their ends and times, oldest first.
        var unacknowledged: [(end: UInt32, time: Int64)] = []
        /// The sequence numbers up to here were sent twice, so that an acknowledgement gives no time (Karn's algorithm).
        var repeated: UInt32?
    }

    private var directions: [Flow: Direction] = [:]
    /// Flows in the order in which they were met, as a ring.
    private var order: [Flow] = []
    private var oldest = 0

    private static let limit = 1 << 16
    private static let segmentLimit = 64
    /// A segment that comes this soon after a later one was overtaken; one that comes later was sent again. Nanoseconds.
    private static let reordering: Int64 = 3_000_000

    /// The number of directions that are known.
    var count: Int { directions.count }

    mutating func take(_ segment: Segment, time: Int64?) -> TCPAnalysis {
        let time = time ?? 0
        var sender = directions.removeValue(forKey: segment.flow)
        if sender == nil { remember(segment.flow) }
        var result = TCPAnalysis()
        var own = sender ?? Direction()
        sender = nil
        // A new connection with the numbers of an old one.
        if segment.flags.contains(.syn), own.next != segment.end { own = Direction() }
        if segment.flags.contains(.ack), var other = directions.removeValue(forKey: segment.flow.reversed) {
            acknowledge(segment, &own, &other, time, &result)
            directions[segment.flow.reversed] = other
        }
        sequence(segment, &own, time, &result)
        if segment.window == 0, segment.flags.isDisjoint(with: [.syn, .fin, .rst]) { result.flags.insert(.zeroWindow) }
        own.window = segment.window
        if segment.length > 0, let next = own.next, let known = directions[segment.flow.reversed]?.acknowledged {
            result.bytesInFlight = UInt32(max(0, next.distance(after: known)))
        }
        directions[segment.flow] = own
        return result
    }

    private func sequence(
        _ segment: Segment, _ own: inout Direction, _ time: Int64, _ result: inout TCPAnalysis
    ) {
        let size = segment.end.distance(after: segment.sequence)
        guard let next = own.next else {
            own.next = segment.end
            own.time = time
            if size > 0 { own.unacknowledged = [(segment.end, time)] }
            return
        }
        let ahead = segment.sequence.distance(after: next)
        if ahead > 0, !segment.flags.contains(.rst) { result.flags.insert(.gap) }
        if ahead == -1, size <= 1, segment.length == size, segment.flags.isDisjoint(with: [.syn, .fin, .rst]) {
            result.flags.insert(.keepAlive)
        } else if ahead < 0, size > 0 {
            let isOvertaken = time - own.time < Self.reordering && segment.end.distance(after: next) < 0
            result.flags.insert(isOvertaken ? .outOfOrder : .retransmission)
            if own.repeated.map({ segment.end.distance(after: $0) > 0 }) ?? true { own.repeated = segment.end }
        }
        guard segment.end.distance(after: next) > 0 else { return }
        own.next = segment.end
        own.time = time
        if own.unacknowledged.count >= Self.segmentLimit { own.unacknowledged.removeFirst() }
        own.unacknowledged.append((segment.end, time))
    }

    /// Takes the acknowledgement of a segment, which concerns the data of the other direction.
    private func acknowledge(
        _ segment: Segment, _ own: inout Direction, _ other: inout Direction, _ time: Int64, _ result: inout TCPAnalysis
    ) {
        let number = segment.acknowledgement
        let isBare = segment.length == 0 && segment.flags.isDisjoint(with: [.syn, .fin, .rst])
        if isBare, own.acknowledged == number, own.window == segment.window,
            let next = other.next, next.distance(after: number) > 0
        {
            own.duplicates += 1
            result.flags.insert(.duplicateAcknowledgement)
            result.duplicates = own.duplicates
        } else if own.acknowledged != number {
            own.duplicates = 0
        }
        own.acknowledged = number
        if let exact = other.unacknowledged.first(where: { $0.end == number }),
            other.repeated.map({ number.distance(after: $0) > 0 }) ?? true
        {
            result.roundTrip = UInt32(clamping: max(0, time - exact.time) / 1000)
        }
        other.unacknowledged.removeAll { number.distance(after: $0.end) >= 0 }
    }

    private mutating func remember(_ flow: Flow) {
        if order.count < Self.limit {
            order.append(flow)
        } else {
            directions.removeValue(forKey: order[oldest])
            order[oldest] = flow
            oldest = (oldest + 1) % Self.limit
        }
    }
}
