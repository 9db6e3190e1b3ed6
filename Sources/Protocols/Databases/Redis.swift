/// The protocol of Redis, RESP: a command is a list of texts with their lengths; replies begin with a sign of their kind.
extension PacketProtocol {
    static let redis = PacketProtocol(
        "redis", "Redis", [.tcpPort(6379)], base: .walked,
        fields: [
            ProtocolField("redis.kind", .text, .more) { $0.run(0..<1) },
            ProtocolField("redis.command", .text) { header in text(header, 0) },
            ProtocolField("redis.arg", .text) { header, values in
                guard let count = redisCount(header) else { return }
                for index in 1..<max(1, Int(min(count, 64))) {
                    guard values.append(text(header, index)) else { return }
                }
            },
            ProtocolField("redis.reply", .text) { header in
                guard let first = header.u8(0), redisCount(header) == nil, let line = header.line(from: 0) else {
                    return .absent
                }
                // The text after a length, or the line itself.
                guard first == UInt8(ascii: "$") else { return .bytes(Range(from: 1, to: line.end)) }
                guard let size = header.decimal(Range(from: 1, to: line.end)) else { return .absent }
                return line.next + Int(size) <= header.length
                    ? header.run(line.next..<line.next + Int(size)) : .absent
            },
        ],
        recognises: { header in
            guard let first = header.u8(0), let line = header.line(from: 0), line.next - line.end == 2 else {
                return false
            }
            switch first {
            case UInt8(ascii: "+"), UInt8(ascii: "-"):
                return line.end > 1 && header.isText(Range(from: 1, to: line.end))
            case UInt8(ascii: ":"): return number(header, Range(from: 1, to: line.end))
            case UInt8(ascii: "$"): return number(header, Range(from: 1, to: line.end))
            case UInt8(ascii: "*"):
                return number(header, Range(from: 1, to: line.end))
                    && (line.next == header.length || "$*:+-_".utf8.contains(header.u8(line.next) ?? 0))
            default: return false
            }
        },
        headerLength: { $0.length },
        summary: { header, line in
            guard case .bytes(let range) = text(header, 0) else { return }
            line.append(textOf: range, as: .text, of: header)
        })

    private static func number(_ header: borrowing HeaderBytes, _ range: Range<Int>) -> Bool {
        let isNegative = header.u8(range.lowerBound) == UInt8(ascii: "-")
        return header.decimal(isNegative ? range.dropFirst() : range) != nil
    }

    /// The number of texts of a command; nil if the bytes are none.
    private static func redisCount(_ header: borrowing HeaderBytes) -> UInt64? {
        guard header.u8(0) == UInt8(ascii: "*"), let line = header.line(from: 0),
            header.u8(line.next) == UInt8(ascii: "$")
        else { return nil }
        return header.decimal(Range(from: 1, to: line.end))
    }

    /// One of the texts of a command.
    private static func text(_ header: borrowing HeaderBytes, _ index: Int) -> FieldReading {
        guard header.u8(0) == UInt8(ascii: "*") else { return .absent }
        guard let first = header.line(from: 0) else { return header.ending }
        guard let count = header.decimal(Range(from: 1, to: first.end)), index < count else { return .absent }
        var offset = first.next
        for place in 0...index {
            guard let sign = header.u8(offset), let line = header.line(from: offset) else {
                return header.capturedCount < header.length ? .truncated : .absent
            }
            guard sign == UInt8(ascii: "$"), let size = header.decimal(Range(from: offset + 1, to: line.end)) else {
                return .absent
            }
            let end = line.next + Int(size)
            // The rest of a long command is in the next segment.
            guard end <= header.length else { return .absent }
            if place == index { return header.run(line.next..<end) }
            offset = end + 2
        }
        return .absent
    }
}
