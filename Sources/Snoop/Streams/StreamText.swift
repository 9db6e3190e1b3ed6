public import Protocols
public import Text

/// `--follow`: the data of one TCP connection as text, in the order of the streams: those of a direction after a line that
/// names it.
public struct StreamText {
    private struct Direction {
        var queue = SegmentQueue(next: nil)
        var data: [UInt8] = []
    }

    /// The direction of the segment that matched first.
    private var flow: Flow?
    private var isIPv6 = false
    private var forward = Direction()
    private var backward = Direction()
    /// The direction of the last line.
    private var lastIsForward: Bool?
    private var isAtLineStart = true

    /// Bytes that wait for others; beyond them the stream goes on after a gap.
    private static let limit = 1 << 20

    public init() {}

    /// Whether a connection was found.
    public var hasBegun: Bool { flow != nil }

    /// Takes a packet. The first one that matches selects the connection.
    public mutating func append(
        _ layers: borrowing PacketLayers, _ bytes: RawSpan, matches: Bool, to buffer: inout ByteBuffer
    ) {
        guard let segment = Segment(layers, bytes) else { return }
        if flow == nil {
            guard matches else { return }
            flow = segment.flow
            isIPv6 = layers.layers[..<segment.layer].last { ProtocolTable.isNetwork($0.place) }?.kind.name == "ip6"
        }
        if segment.flow == flow {
            Self.take(segment, bytes, &forward)
            write(isForward: true, to: &buffer)
        } else if segment.flow.reversed == flow {
            Self.take(segment, bytes, &backward)
            write(isForward: false, to: &buffer)
        }
    }

    /// Data after gaps that nothing has filled.
    public mutating func finish(to buffer: inout ByteBuffer) {
        while let first = forward.queue.firstWaiting {
            Self.skip(to: first, &forward)
            write(isForward: true, to: &buffer)
        }
        while let first = backward.queue.firstWaiting {
            Self.skip(to: first, &backward)
            write(isForward: false, to: &buffer)
        }
        if !isAtLineStart { buffer.append("\n") }
    }

    private static func take(_ segment: Segment, _ bytes: RawSpan, _ direction: inout Direction) {
        let start = segment.sequence &+ (segment.flags.contains(.syn) ? 1 : 0)
        if direction.queue.next == nil { direction.queue.start(at: start) }
        while true {
            var data: [UInt8] = []
            let hasRoom = direction.queue.take(start, bytes.extracting(segment.data), limit: limit) { part in
                part.withUnsafeBytes { data.append(contentsOf: $0) }
            }
            direction.data += data
            guard !hasRoom else { return }
            skip(to: direction.queue.firstWaiting ?? start, &direction)
        }
    }

    private static func skip(to sequence: UInt32, _ direction: inout Direction) {
        let missing = direction.queue.next.map { sequence.distance(after: $0) } ?? 0
        direction.data += Array("\n[\(missing) bytes are missing]\n".utf8)
        direction.queue.start(at: sequence)
        var data: [UInt8] = []
        direction.queue.release { part in part.withUnsafeBytes { data.append(contentsOf: $0) } }
        direction.data += data
    }

    private mutating func write(isForward: Bool, to buffer: inout ByteBuffer) {
        let data = isForward ? forward.data : backward.data
        guard !data.isEmpty else { return }
        if lastIsForward != isForward {
            lastIsForward = isForward
            if !isAtLineStart { buffer.append("\n") }
            appendEnds(isForward: isForward, to: &buffer)
        }
        for byte in data {
            switch byte {
            case UInt8(ascii: "\r"): continue
            case UInt8(ascii: "\n"), UInt8(ascii: "\t"), 0x20..<0x7f: buffer.append(byte)
            default: buffer.append(UInt8(ascii: "."))
            }
        }
        isAtLineStart = data.last == UInt8(ascii: "\n")
        if isForward { forward.data = [] } else { backward.data = [] }
    }

    /// `--- 10.0.0.1:1023 > 10.0.0.2:80`
    private func appendEnds(isForward: Bool, to buffer: inout ByteBuffer) {
        guard let flow = isForward ? flow : flow?.reversed else { return }
        func end(_ address: UInt128, _ port: UInt32) -> String {
            let text = IPAddress(bits: address, isIPv6: isIPv6).text
            return isIPv6 ? "[\(text)]:\(port)" : "\(text):\(port)"
        }
        let (source, destination) = (end(flow.source, flow.ports >> 16), end(flow.destination, flow.ports & 0xffff))
        buffer.append(contentsOf: "--- \(source) > \(destination)\n".utf8)
    }
}
