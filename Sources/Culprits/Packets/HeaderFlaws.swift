import Protocols

/// Errors in a packet's headers that the captured bytes, from the network header on, prove.
struct HeaderFlaws {
    private let bytes: [UInt8]
    private let isIPv6: Bool
    /// Bytes of the network header, without IPv6 extension headers.
    private let headerLength: Int
    /// Bytes of the whole packet, as its header states.
    private let claimed: Int

    /// Returns nil if no network header of this EtherType was captured.
    init?(_ bytes: [UInt8], etherType: UInt16) {
        self.bytes = bytes
        isIPv6 = etherType == EtherType.ipv6
        guard isIPv6 || etherType == EtherType.ipv4, bytes.count >= (isIPv6 ? 40 : 20) else { return nil }
        headerLength = isIPv6 ? 40 : Self.number("ip.hl", bytes) * 4
        claimed = isIPv6 ? Self.number("ip6.plen", bytes) + 40 : Self.number("ip.len", bytes)
    }

    var network: String? {
        let version = Self.number("ip.v", bytes)
        guard version == (isIPv6 ? 6 : 4) else { return "IP version \(version) in \(isIPv6 ? "IPv6" : "IPv4")" }
        guard headerLength >= 20 else { return "IP header length \(headerLength)" }
        // BIG TCP leaves the length field 0.
        return claimed < headerLength && claimed != 0
            ? "IP length \(claimed), less than the header's \(headerLength)" : nil
    }

    var networkChecksum: String? {
        guard !isIPv6, network == nil, bytes.count >= headerLength else { return nil }
        var checksum = InternetChecksum()
        checksum.add(bytes.span.bytes.extracting(0..<headerLength))
        return checksum.isCorrect
            ? nil : "IP header checksum 0x" + UInt16(Self.number("ip.sum", bytes)).hexadecimal(digits: 4)
    }

    /// - Parameter length: bytes present from the network header on; nil if not known.
    func truncation(length: Int?) -> String? {
        guard network == nil else { return nil }
        if let length, claimed > length { return "IP length \(claimed), but \(length) bytes" }
        let length = claimed - headerLength
        guard length > 0, let payload, payload.count >= 8 else { return nil }
        switch proto {
        case IPProtocol.udp:
            let own = Self.number("udp.len", bytes, at: headerLength)
            // In jumbograms length 0 stands for the length of the packet.
            guard own != 0 || !isIPv6 else { return nil }
            return own < 8 || own > length ? "UDP length \(own) in \(length) bytes" : nil
        case IPProtocol.tcp:
            guard payload.count >= 20 else { return nil }
            let own = Self.number("tcp.off", bytes, at: headerLength) * 4
            return own < 20 || own > length ? "TCP header length \(own) in \(length) bytes" : nil
        default: return nil
        }
    }

    /// Only packets that were captured whole prove a wrong checksum. Lengths are checked first.
    func transportChecksum(of wanted: UInt8) -> String? {
        guard proto == wanted, network == nil, truncation(length: nil) == nil, let payload, claimed > headerLength,
            bytes.count >= claimed,
            let known = ProtocolTable.find(.ipProtocol(wanted)), let bits = known["sum"]?.fixedBits,
            let sum = bytes.span.bytes.bits(bits, from: headerLength), payload.count >= (bits.start + bits.count) / 8
        else { return nil }
        let given = UInt16(truncatingIfNeeded: sum)
        if wanted == IPProtocol.udp, given == 0 { return isIPv6 ? "no UDP checksum" : nil }
        var checksum = InternetChecksum()
        if wanted != IPProtocol.icmp {
            checksum.add(pseudoHeader: bytes, isIPv6, length: claimed - headerLength, proto)
        }
        // If the device is to compute the checksum, the field holds the sum of the pseudo-header (CHECKSUM_PARTIAL).
        guard wanted == IPProtocol.icmp || checksum.folded != given else { return nil }
        checksum.add(bytes.span.bytes.extracting(headerLength..<claimed))
        guard !checksum.isCorrect else { return nil }
        return "\(known.title) checksum 0x" + given.hexadecimal(digits: 4)
    }

    private var proto: UInt8 { UInt8(Self.number(isIPv6 ? "ip6.nxt" : "ip.p", bytes)) }

    /// The captured bytes after the network header; nil for fragments.
    private var payload: ArraySlice<UInt8>? {
        guard isIPv6 || Self.number("ip.frag", bytes) & 0x3fff == 0, headerLength <= bytes.count else { return nil }
        return bytes[headerLength...]
    }

    /// A field of a header whose bytes were captured.
    private static func number(_ field: String, _ bytes: [UInt8], at offset: Int = 0) -> Int {
        Int(ProtocolTable.number(field, in: bytes.span.bytes, at: offset) ?? 0)
    }
}

extension InternetChecksum {
    /// Pseudo-header of RFC 9293 and RFC 8200: addresses, upper-layer length and protocol.
    fileprivate mutating func add(pseudoHeader bytes: [UInt8], _ isIPv6: Bool, length: Int, _ proto: UInt8) {
        add(bytes.span.bytes.extracting(isIPv6 ? 8..<40 : 12..<20))
        add(UInt128(length) + UInt128(proto))
    }
}
