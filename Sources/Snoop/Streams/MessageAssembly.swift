import Protocols

/// Messages that several segments of TCP bring, such as a long hello of TLS: joined in the order of the stream, whatever
/// order the segments arrive in.
///
/// Only streams of which a message has begun take memory: `streamLimit` bytes each, `totalLimit` in all. Where more would
/// be needed, the oldest stream is given up, and its packets are decoded one by one.
struct MessageAssembly {
    private struct Stream {
        var queue: SegmentQueue
        /// The message so far.
        var message: [UInt8] = []
        let serial: UInt64

        var size: Int { message.count + queue.waitingCount }
    }

    private var streams: [Flow: Stream] = [:]
    /// Flows in the order in which their streams were begun, with those that have ended since.
    private var order: [(flow: Flow, serial: UInt64)] = []
    private var serial: UInt64 = 0
    private var expected = ExpectedSequences()
    /// Bytes that are kept.
    private(set) var size = 0

    static let streamLimit = 128 << 10
    static let totalLimit = 16 << 20
    static let countLimit = 4096

    /// The number of streams that wait for data.
    var count: Int { streams.count }

    /// Takes the segment of a packet. If it completes a message, `message` becomes the packet up to the end of its header
    /// and the message after it, and the layers are those of it. Returns whether that is so.
    mutating func take(
        _ segment: Segment, _ layers: inout PacketLayers, _ bytes: RawSpan, message: inout [UInt8]
    ) -> Bool {
        let isExpected = expected.update(segment)
        guard !segment.data.isEmpty else {
            if segment.flags.contains(.rst) { end(segment.flow) }
            return false
        }
        guard segment.isWhole else {
            end(segment.flow)
            return false
        }
        if streams[segment.flow] != nil { return goOn(segment, &layers, bytes, &message) }
        if let start = Self.unfinished(layers, bytes, after: segment.layer) {
            let offset = UInt32(truncatingIfNeeded: start - segment.data.lowerBound)
            begin(segment.flow, at: segment.sequence &+ offset)
            add(bytes.extracting(start..<segment.data.upperBound), segment.sequence &+ offset, to: segment.flow)
        } else if isExpected == false, layers.layers.count == segment.layer + 1, Self.mayHaveMessages(segment) {
            // The beginning of the message may still come.
            begin(segment.flow, at: nil)
            add(bytes.extracting(segment.data), segment.sequence, to: segment.flow)
        }
        return false
    }

    private mutating func goOn(
        _ segment: Segment, _ layers: inout PacketLayers, _ bytes: RawSpan, _ message: inout [UInt8]
    ) -> Bool {
        let flow = segment.flow
        if streams[flow]?.queue.next == nil, !begins(segment, layers, bytes) { return false }
        let before = streams[flow]?.message.count
        add(bytes.extracting(segment.data), segment.sequence, to: flow)
        guard let stream = streams[flow], let before, stream.message.count > before else { return false }
        message.removeAll(keepingCapacity: true)
        bytes.extracting(0..<segment.data.lowerBound).withUnsafeBytes { message.append(contentsOf: $0) }
        message.append(contentsOf: stream.message)
        let alone = layers
        layers.resume(message.span.bytes, after: segment.layer, at: segment.data.lowerBound)
        let unfinished = Self.unfinished(layers, message.span.bytes, after: segment.layer)
        if unfinished == segment.data.lowerBound {
            layers = alone
            return false
        }
        let consumed = (unfinished ?? message.count) - segment.data.lowerBound
        drop(consumed, of: flow)
        // A single segment that needed no other is shown as it is.
        guard before > 0 || consumed > segment.length || layers.layers.count > alone.layers.count else {
            layers = alone
            return false
        }
        return true
    }

    /// Whether a segment settles where a stream begins of which only later data are known.
    private mutating func begins(_ segment: Segment, _ layers: borrowing PacketLayers, _ bytes: RawSpan) -> Bool {
        guard let stream = streams[segment.flow], let first = stream.queue.firstWaiting,
            let last = stream.queue.lastWaiting
        else { return false }
        let isRecognised = layers.layers.count > segment.layer + 1
        if isRecognised || segment.end == first {
            streams[segment.flow]?.queue.start(at: segment.sequence)
            return true
        }
        // The stream goes on without a beginning.
        if segment.sequence.distance(after: last) >= 0 { end(segment.flow) }
        return false
    }

    /// The offset of a message that goes on in another segment.
    private static func unfinished(_ layers: borrowing PacketLayers, _ bytes: RawSpan, after layer: Int) -> Int? {
        for index in layers.layers.indices.dropFirst(layer + 1) {
            let candidate = layers.layers[index]
            if candidate.kind.hasMessagesInStreams,
                candidate.kind.isUnfinished(PacketLayers.header(of: candidate, in: bytes))
            {
                return candidate.start
            }
        }
        return nil
    }

    private static func mayHaveMessages(_ segment: Segment) -> Bool {
        func hasMessages(_ port: UInt32) -> Bool {
            ProtocolTable.find(.tcpPort(UInt16(truncatingIfNeeded: port)))?.hasMessagesInStreams ?? false
        }
        return hasMessages(segment.flow.ports) || hasMessages(segment.flow.ports >> 16)
    }

    private mutating func begin(_ flow: Flow, at sequence: UInt32?) {
        serial += 1
        streams[flow] = Stream(queue: SegmentQueue(next: sequence), serial: serial)
        order.append((flow, serial))
        makeRoom(0)
    }

    private mutating func add(_ data: RawSpan, _ sequence: UInt32, to flow: Flow) {
        makeRoom(data.byteCount)
        guard var stream = streams.removeValue(forKey: flow) else { return }
        let before = stream.size
        var message: [UInt8] = []
        swap(&message, &stream.message)
        let hasRoom = stream.queue.take(sequence, data, limit: Self.streamLimit) { part in
            part.withUnsafeBytes { message.append(contentsOf: $0) }
        }
        swap(&message, &stream.message)
        guard hasRoom, stream.size <= Self.streamLimit else {
            size -= before
            return
        }
        size += stream.size - before
        streams[flow] = stream
    }

    private mutating func drop(_ count: Int, of flow: Flow) {
        guard let stream = streams[flow] else { return }
        if count >= stream.message.count, stream.queue.waitingCount == 0 { return end(flow) }
        let dropped = min(count, stream.message.count)
        streams[flow]?.message.removeFirst(dropped)
        size -= dropped
    }

    private mutating func end(_ flow: Flow) {
        if let stream = streams.removeValue(forKey: flow) { size -= stream.size }
    }

    /// Gives up the oldest streams until there is room for more bytes.
    private mutating func makeRoom(_ count: Int) {
        var ended = 0
        while ended < order.count, size + count > Self.totalLimit || streams.count > Self.countLimit {
            let oldest = order[ended]
            if streams[oldest.flow]?.serial == oldest.serial { end(oldest.flow) }
            ended += 1
        }
        order.removeFirst(ended)
        // Entries of streams that ended by themselves.
        if order.count > 2 * Self.countLimit {
            order.removeAll { streams[$0.flow]?.serial != $0.serial }
        }
    }
}

/// The next sequence number of recent flows, in a table of a fixed size.
private struct ExpectedSequences {
    private struct Entry {
        var flow: UInt64 = 0
        var next: UInt32 = 0
    }

    private var entries = [Entry](repeating: Entry(), count: 1 << 13)

    /// Whether a segment goes on where the flow's last one ended; also true of old data, and nil of flows of which nothing
    /// is known.
    mutating func update(_ segment: Segment) -> Bool? {
        let mixed = segment.flow.mixed
        let place = Int(mixed >> 51)
        let entry = entries[place]
        let end = segment.end
        guard entry.flow == mixed else {
            entries[place] = Entry(flow: mixed, next: end)
            return segment.flags.contains(.syn) ? true : segment.length > 0 ? false : nil
        }
        if end.distance(after: entry.next) > 0 || segment.flags.contains(.syn) { entries[place].next = end }
        return segment.sequence.distance(after: entry.next) <= 0
    }
}
