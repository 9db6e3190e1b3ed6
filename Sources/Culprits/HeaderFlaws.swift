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
        isIPv6 = etherType == 0x86dd
        guard isIPv6 || etherType == 0x0800, bytes.count >= (isIPv6 ? 40 : 20) else { return nil }
        headerLength = isIPv6 ? 40 : Int(bytes[0] & 0x0f) * 4
        let field = Int(bytes[isIPv6 ? 4 : 2]) << 8 | Int(bytes[isIPv6 ? 5 : 3])
        claimed = isIPv6 ? field + 40 : field
    }

    var network: String? {
        let version = bytes[0] >> 4
        guard version == (isIPv6 ? 6 : 4) else { return "IP version \(version) in \(isIPv6 ? "IPv6" : "IPv4")" }
        guard headerLength >= 20 else { return "IP header length \(headerLength)" }
        // BIG TCP leaves the length field 0.
        return claimed < headerLength && claimed != 0
            ? "IP length \(claimed), less than the header's \(headerLength)" : nil
    }

    var networkChecksum: String? {
        guard !isIPv6, network == nil, bytes.count >= headerLength else { return nil }
        var checksum = InternetChecksum()
        checksum.add(bytes[..<headerLength])
        return checksum.folded == 0xffff ? nil : "IP header checksum 0x" + word(10).hexadecimal(digits: 4)
    }

    /// - Parameter length: bytes present from the network header on; nil if not known.
    func truncation(length: Int?) -> String? {
        guard network == nil else { return nil }
        if let length, claimed > length { return "IP length \(claimed), but \(length) bytes" }
        let length = claimed - headerLength
        guard length > 0, let payload, payload.count >= 8 else { return nil }
        switch proto {
        case 17:
            let own = Int(word(headerLength + 4))
            // In jumbograms length 0 stands for the length of the packet.
            guard own != 0 || !isIPv6 else { return nil }
            return own < 8 || own > length ? "UDP length \(own) in \(length) bytes" : nil
        case 6:
            guard payload.count >= 20 else { return nil }
            let own = Int(bytes[headerLength + 12] >> 4) * 4
            return own < 20 || own > length ? "TCP header length \(own) in \(length) bytes" : nil
        default: return nil
        }
    }

    /// Only packets that were captured whole prove a wrong checksum. Lengths are checked first.
    func transportChecksum(of wanted: UInt8) -> String? {
        guard proto == wanted, network == nil, truncation(length: nil) == nil, let payload, claimed > headerLength,
            bytes.count >= claimed,
            let offset = Self.offsets[wanted], payload.count >= offset + 2
        else { return nil }
        let given = word(headerLength + offset)
        if wanted == 17, given == 0 { return isIPv6 ? "no UDP checksum" : nil }
        var checksum = InternetChecksum()
        if wanted != 1 { checksum.add(pseudoHeader: bytes, isIPv6, UInt32(claimed - headerLength), proto) }
        // If the device is to compute the checksum, the field holds the sum of the pseudo-header (CHECKSUM_PARTIAL).
        guard wanted == 1 || checksum.folded != given else { return nil }
        checksum.add(bytes[headerLength..<claimed])
        guard checksum.folded != 0xffff else { return nil }
        return "\(Self.names[wanted] ?? "") checksum 0x" + given.hexadecimal(digits: 4)
    }

    /// Offset of the checksum in the transport header, by IP protocol.
    private static let offsets: [UInt8: Int] = [1: 2, 6: 16, 17: 6, 58: 2]
    private static let names: [UInt8: String] = [1: "ICMP", 6: "TCP", 17: "UDP", 58: "ICMPv6"]

    private var proto: UInt8 { bytes[isIPv6 ? 6 : 9] }

    /// The captured bytes after the network header; nil for fragments.
    private var payload: ArraySlice<UInt8>? {
        guard isIPv6 || word(6) & 0x3fff == 0, headerLength <= bytes.count else { return nil }
        return bytes[headerLength...]
    }

    private func word(_ offset: Int) -> UInt16 { UInt16(bytes[offset]) << 8 | UInt16(bytes[offset + 1]) }
}

extension InternetChecksum {
    /// Pseudo-header of RFC 9293 and RFC 8200: addresses, upper-layer length and protocol.
    fileprivate mutating func add(pseudoHeader bytes: [UInt8], _ isIPv6: Bool, _ length: UInt32, _ proto: UInt8) {
        add(isIPv6 ? bytes[8..<40] : bytes[12..<20])
        add(length)
        add(UInt32(proto))
    }
}
