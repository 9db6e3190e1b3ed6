import Protocols
import Text

/// Ethernet and IP.
extension PacketReport {
    /// `ETHERNET packet : [ 02:00:00:00:0a:01 -> 02:00:00:00:0a:02 ]  type 800  (IP)`
    func appendEthernet(_ header: borrowing HeaderBytes, _ buffer: inout ByteBuffer) {
        lines.startUnindented(&buffer)
        buffer.append("ETHERNET packet : [ ")
        buffer.appendMAC(header.number(HeaderPlaces.ethernetSource))
        buffer.append(" -> ")
        buffer.appendMAC(header.number(HeaderPlaces.ethernetDestination))
        let type = header.number(HeaderPlaces.ethernetType)
        buffer.append(" ]  type ")
        buffer.appendHex(type)
        if let name = EtherType.name(UInt16(truncatingIfNeeded: type)) {
            buffer.append("  (")
            buffer.append(name)
            buffer.append(")")
        }
        buffer.append("\n")
    }

    mutating func appendIPv4(_ header: borrowing HeaderBytes, _ packet: RawSpan, _ buffer: inout ByteBuffer) {
        let source = UInt32(truncatingIfNeeded: header.number(HeaderPlaces.ipSource))
        let destination = UInt32(truncatingIfNeeded: header.number(HeaderPlaces.ipDestination))
        appendIPv4("< SRC = ", source, &buffer)
        appendIPv4("< DST = ", destination, &buffer)
        let size = Int(header.number(HeaderPlaces.ipLengthOfHeader)) * 4
        let offset = header.number(HeaderPlaces.ipOffset)
        let hasMore = header.number(HeaderPlaces.ipMoreFragments) != 0
        let ipProtocol = header.number(HeaderPlaces.ipProtocol)
        lines.start(&buffer)
        buffer.append("ip_v=")
        buffer.appendDecimal(header.number(HeaderPlaces.ipVersion))
        buffer.append(", ip_hl=")
        buffer.appendDecimal(size)
        buffer.append(", ip_tos=")
        buffer.appendDecimal(header.number(HeaderPlaces.ipService))
        buffer.append(", ip_len=")
        buffer.appendDecimal(header.number(HeaderPlaces.ipLength))
        buffer.append(", ip_id=")
        buffer.appendDecimal(header.number(HeaderPlaces.ipIdentification))
        buffer.append(", ip_off=")
        buffer.appendDecimal(offset)
        if header.number(HeaderPlaces.ipDontFragment) != 0 { buffer.append(" DF") }
        if hasMore { buffer.append(" MF") }
        buffer.append("\n")
        lines.start(&buffer)
        buffer.append("ip_ttl=")
        buffer.appendDecimal(header.number(HeaderPlaces.ipTimeToLive))
        buffer.append(", ip_sum=")
        buffer.appendHex(header.number(HeaderPlaces.ipChecksum))
        appendCheck(options.validatesChecksums ? ChecksumCheck(packet, length: size, at: 10) : nil, &buffer)
        buffer.append(", ip_p = ")
        append(ipProtocol: UInt8(truncatingIfNeeded: ipProtocol), &buffer)
        buffer.append("\n")
        if options.validatesChecksums {
            network = Pseudoheader(
                source: UInt128(source), destination: UInt128(destination), isFragment: offset != 0 || hasMore)
        }
    }

    mutating func appendIPv6(_ header: borrowing HeaderBytes, _ buffer: inout ByteBuffer) {
        let source = header.bits(HeaderPlaces.ip6Source) ?? 0
        let destination = header.bits(HeaderPlaces.ip6Destination) ?? 0
        appendIPv6("< SRC = ", source, &buffer)
        appendIPv6("< DST = ", destination, &buffer)
        lines.start(&buffer)
        buffer.append("ip_v=6, ip_class=")
        buffer.appendDecimal(header.number(HeaderPlaces.ip6Class))
        buffer.append(", ip_flow=")
        buffer.appendHex(header.number(HeaderPlaces.ip6Flow))
        buffer.append(", ip_plen=")
        buffer.appendDecimal(header.number(HeaderPlaces.ip6Length))
        buffer.append("\n")
        lines.start(&buffer)
        buffer.append("ip_hlim=")
        buffer.appendDecimal(header.number(HeaderPlaces.ip6HopLimit))
        buffer.append(", ip_nxt = ")
        append(ipProtocol: UInt8(truncatingIfNeeded: header.number(HeaderPlaces.ip6Next)), &buffer)
        buffer.append("\n")
        if options.validatesChecksums { network = Pseudoheader(source: source, destination: destination) }
    }

    /// Shows the result for a checksum, and notes a wrong one.
    mutating func appendCheck(_ check: ChecksumCheck?, _ buffer: inout ByteBuffer) {
        buffer.append(check)
        if case .wrong = check { hasWrongChecksum = true }
    }

    /// `6 (TCP)`
    private func append(ipProtocol: UInt8, _ buffer: inout ByteBuffer) {
        buffer.appendDecimal(ipProtocol)
        guard let name = IPProtocol.name(ipProtocol) else { return }
        buffer.append(" (")
        buffer.append(name)
        buffer.append(")")
    }

    /// `< SRC =      192.0.2.78 >  (name)`: addresses end in the same column.
    private func appendIPv4(_ start: StaticString, _ address: UInt32, _ buffer: inout ByteBuffer) {
        lines.start(&buffer)
        buffer.append(start)
        let blanks = [24, 16, 8, 0].reduce(0) { blanks, shift in
            let octet = address >> UInt32(shift) & 0xff
            return blanks + (octet < 10 ? 2 : octet < 100 ? 1 : 0)
        }
        for _ in 0..<blanks { buffer.append(UInt8(ascii: " ")) }
        buffer.appendIPv4(address)
        buffer.append(" >")
        appendHost(UInt128(address), isIPv6: false, &buffer)
    }

    private func appendIPv6(_ start: StaticString, _ address: UInt128, _ buffer: inout ByteBuffer) {
        lines.start(&buffer)
        buffer.append(start)
        buffer.appendIPv6(
            high: UInt64(truncatingIfNeeded: address >> 64), low: UInt64(truncatingIfNeeded: address))
        buffer.append(" >")
        appendHost(address, isIPv6: true, &buffer)
    }

    private func appendHost(_ address: UInt128, isIPv6: Bool, _ buffer: inout ByteBuffer) {
        if let name = names.host(address, isIPv6: isIPv6) {
            buffer.append("  (")
            buffer.appendEscaped(name.span.bytes)
            buffer.append(")")
        }
        buffer.append("\n")
    }
}
