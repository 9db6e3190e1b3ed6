/// Everything on which a verdict depends, without the state of the machine and without fields that differ between packets of
/// one flow: losses with equal likeness at about the same time have the same verdict.
public struct Likeness: Sendable, Hashable {
    private struct Part: Sendable, Hashable {
        var unanswered: UnansweredRequest?
        var reason: String?
        var location: String?
        var netns: UInt32?
        var device: String?
        var deviceNumber: UInt32?
        var inDevice: String?
        var mark: UInt32
        var process: UInt32?
        var etherType: UInt16
        var vlans: [UInt16]
        var trail: [String]
        var returns: [String]
        var stack: [String]
        var lostFrame: LostFrame?
        /// Whole seconds.
        var waited: UInt64?
        var headers: [UInt8]
        /// 0 if the length does not matter.
        var length: UInt32
        var isExpected: Bool
        var isMissed: Bool
    }

    private let parts: [Part]

    public init(_ examination: Examination) {
        parts =
            examination.losses.map { loss in
                var part = Self.part(loss.own.evidence, readsPayload: Self.readsPayload(loss.own.cause))
                part.isExpected = loss.isExpected
                part.isMissed = loss.isMissed
                return part
            } + [examination.unanswered].compactMap(\.self).map { Self.part($0, readsPayload: false) }
    }

    /// Whether the cause may depend on payload: rules and programs may inspect any byte, all other checks stop at the headers.
    private static func readsPayload(_ cause: Cause?) -> Bool {
        guard let cause else { return true }
        return ["netfilter", "programs", "malformed", "normal"].contains(cause.group) || !cause.alternatives.isEmpty
    }

    private static func part(_ evidence: Evidence, readsPayload: Bool) -> Part {
        Part(
            unanswered: evidence.unanswered, reason: evidence.reason, location: evidence.location,
            netns: evidence.netns,
            device: evidence.device?.name, deviceNumber: evidence.device?.ifindex, inDevice: evidence.inDevice?.name,
            mark: evidence.mark, process: evidence.process?.pid, etherType: evidence.etherType, vlans: evidence.vlans,
            trail: evidence.trail,
            returns: evidence.returns.map { "\($0.tracer) \($0.surroundsDrop) \($0.text)" }, stack: evidence.stack,
            lostFrame: evidence.lostFrame, waited: evidence.waited.map { $0 / 1_000_000_000 },
            headers: HeaderLikeness.bytes(of: evidence.bytes, readsPayload: readsPayload),
            length: readsPayload || cutsByLength(evidence) ? evidence.length : 0, isExpected: false, isMissed: false)
    }

    /// Whether the packet's length may have caused the drop.
    private static func cutsByLength(_ evidence: Evidence) -> Bool {
        guard let reason = evidence.reason.map(DropReason.shortName) else { return true }
        return !["NO_SOCKET", "SOCKET_RCVBUFF", "TCP_CLOSE"].contains(reason)
    }
}

/// A packet's bytes, with fields set to 0 that number or checksum packets.
enum HeaderLikeness {
    static func bytes(of packet: [UInt8], readsPayload: Bool) -> [UInt8] {
        guard let first = packet.first else { return [] }
        var bytes = packet
        switch first >> 4 {
        case 4:
            let header = Int(first & 0xf) * 4
            guard header >= 20, bytes.count >= header else { return bytes }
            // Identification and checksum.
            clear(4..<6, &bytes)
            clear(10..<12, &bytes)
            let isLaterFragment = (UInt16(bytes[6]) << 8 | UInt16(bytes[7])) & 0x1fff != 0
            guard !isLaterFragment else { return bytes }
            if !readsPayload { clear(2..<4, &bytes) }
            clearTransport(bytes[9], at: header, &bytes, readsPayload)
        case 6:
            guard bytes.count >= 40 else { return bytes }
            // Flow label.
            bytes[1] &= 0xf0
            clear(2..<4, &bytes)
            if !readsPayload { clear(4..<6, &bytes) }
            clearTransport(bytes[6], at: 40, &bytes, readsPayload)
        default: break
        }
        return bytes
    }

    private static func clearTransport(_ proto: UInt8, at start: Int, _ bytes: inout [UInt8], _ readsPayload: Bool) {
        var end = bytes.count
        switch proto {
        case 6:
            // Sequence and acknowledgement numbers, window, checksum, and options, which contain timestamps.
            clear(start + 4..<start + 12, &bytes)
            clear(start + 14..<start + 18, &bytes)
            if bytes.count > start + 12 {
                clear(start + 20..<max(start + 20, start + Int(bytes[start + 12] >> 4) * 4), &bytes)
            }
            end = start + 20
        case 17:
            clear(start + 6..<start + 8, &bytes)
            if !readsPayload { clear(start + 4..<start + 6, &bytes) }
            end = start + 8
        case 1, 58:
            // Checksum; for an echo, identifier and sequence number as well.
            clear(start + 2..<start + 4, &bytes)
            if bytes.count > start, [0, 8, 128, 129].contains(bytes[start]) { clear(start + 4..<start + 8, &bytes) }
            end = start + 8
        default: return
        }
        if !readsPayload, end < bytes.count { bytes.removeSubrange(end...) }
    }

    private static func clear(_ range: Range<Int>, _ bytes: inout [UInt8]) {
        for index in range.clamped(to: 0..<bytes.count) { bytes[index] = 0 }
    }
}
