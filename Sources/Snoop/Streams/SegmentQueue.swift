/// One direction of a stream: data in order, and segments that arrived before others.
///
/// Overlaps are resolved as Linux does (net/ipv4/tcp_input.c, tcp_data_queue_ofo): data that are in order already stay as
/// they are, a segment inside another one is dropped, one that covers another one replaces it, and of two that overlap the
/// one with the lower sequence number counts.
struct SegmentQueue {
    private struct Piece {
        var sequence: UInt32
        var bytes: [UInt8]

        var end: UInt32 { sequence &+ UInt32(truncatingIfNeeded: bytes.count) }
    }

    /// The sequence number of the next byte in order; nil until a caller knows it.
    private(set) var next: UInt32?
    private var waiting: [Piece] = []
    /// Bytes in `waiting`.
    private(set) var waitingCount = 0

    /// More segments than in a large window are not waited for.
    private static let pieceLimit = 256

    init(next: UInt32?) { self.next = next }

    /// The first segment that waits.
    var firstWaiting: UInt32? { waiting.first?.sequence }

    /// The end of the segments that wait.
    var lastWaiting: UInt32? { waiting.last?.end }

    /// Begins, or goes on, at a sequence number; data before it are dropped.
    mutating func start(at sequence: UInt32) { next = sequence }

    /// Takes a segment's data. Data that are in order now go to `body`, in portions.
    ///
    /// - Returns: false if the segment has to wait and there is no room: `limit` bytes.
    mutating func take(
        _ sequence: UInt32, _ data: RawSpan, limit: Int, _ body: (RawSpan) -> Void
    ) -> Bool {
        guard data.byteCount > 0 else { return true }
        guard let next, sequence.distance(after: next) <= 0 else { return wait(sequence, data, limit) }
        let known = next.distance(after: sequence)
        guard known < data.byteCount else { return true }
        body(data.extracting(known..<data.byteCount))
        self.next = sequence &+ UInt32(truncatingIfNeeded: data.byteCount)
        release(body)
        return true
    }

    /// Passes on the segments that are in order now.
    mutating func release(_ body: (RawSpan) -> Void) {
        while let next, let piece = waiting.first, piece.sequence.distance(after: next) <= 0 {
            waiting.removeFirst()
            waitingCount -= piece.bytes.count
            let known = next.distance(after: piece.sequence)
            guard known < piece.bytes.count else { continue }
            body(piece.bytes.span.bytes.extracting(known..<piece.bytes.count))
            self.next = piece.end
        }
    }

    private mutating func wait(_ sequence: UInt32, _ data: RawSpan, _ limit: Int) -> Bool {
        guard waitingCount + data.byteCount <= limit, waiting.count < Self.pieceLimit else { return false }
        let end = sequence &+ UInt32(truncatingIfNeeded: data.byteCount)
        if waiting.contains(where: {
            sequence.distance(after: $0.sequence) >= 0 && $0.end.distance(after: end) >= 0
        }) {
            return true
        }
        waiting.removeAll { $0.sequence.distance(after: sequence) >= 0 && end.distance(after: $0.end) >= 0 }
        let place = waiting.firstIndex { $0.sequence.distance(after: sequence) > 0 } ?? waiting.count
        let bytes = data.withUnsafeBytes { [UInt8]($0) }
        waiting.insert(Piece(sequence: sequence, bytes: bytes), at: place)
        waitingCount = waiting.reduce(0) { $0 + $1.bytes.count }
        return true
    }
}
