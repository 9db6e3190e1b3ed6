import Protocols
import Text

/// TCP, UDP and ICMP.
extension PacketReport {
    mutating func appendTCP(_ header: borrowing HeaderBytes, _ packet: RawSpan, _ buffer: inout ByteBuffer) {
        appendPorts(
            header.number(HeaderPlaces.tcpSource), header.number(HeaderPlaces.tcpDestination), IPProtocol.tcp, &buffer)
        lines.start(&buffer)
        buffer.append("th_seq=")
        buffer.appendDecimal(header.number(HeaderPlaces.tcpSequence))
        buffer.append(", th_ack=")
        buffer.appendDecimal(header.number(HeaderPlaces.tcpAcknowledgement))
        buffer.append("\n")
        lines.start(&buffer)
        buffer.append("th_off=")
        buffer.appendDecimal(header.number(HeaderPlaces.tcpOffset))
        buffer.append(", flags<")
        appendFlags(header.number(HeaderPlaces.tcpFlags), &buffer)
        buffer.append(">\n")
        lines.start(&buffer)
        buffer.append("th_win=")
        buffer.appendDecimal(header.number(HeaderPlaces.tcpWindow))
        buffer.append(", th_sum=")
        buffer.appendHex(header.number(HeaderPlaces.tcpChecksum))
        appendCheck(check(packet, header.length, at: 16, IPProtocol.tcp), &buffer)
        buffer.append(", th_urp=")
        buffer.appendDecimal(header.number(HeaderPlaces.tcpUrgent))
        buffer.append("\n")
    }

    mutating func appendUDP(_ header: borrowing HeaderBytes, _ packet: RawSpan, _ buffer: inout ByteBuffer) {
        appendPorts(
            header.number(HeaderPlaces.udpSource), header.number(HeaderPlaces.udpDestination), IPProtocol.udp, &buffer)
        let length = header.number(HeaderPlaces.udpLength)
        let sum = header.number(HeaderPlaces.udpChecksum)
        lines.start(&buffer)
        buffer.append("[ udp length = ")
        buffer.appendDecimal(length)
        buffer.append(" | udp checksum = ")
        buffer.appendHex(sum)
        if options.validatesChecksums, sum == 0 {
            appendCheck(.absent, &buffer)
        } else {
            // The length 0 stands for that of the IP packet in jumbograms (RFC 2675).
            let covered = length == 0 ? header.length : Int(length)
            appendCheck(check(packet, covered, at: 6, IPProtocol.udp), &buffer)
        }
        buffer.append(" ]\n")
    }

    mutating func appendICMP(_ header: borrowing HeaderBytes, _ packet: RawSpan, _ buffer: inout ByteBuffer) {
        let type = header.number(HeaderPlaces.icmpType)
        lines.start(&buffer)
        buffer.append("icmp_type=")
        buffer.appendDecimal(type)
        if let name = Self.icmpName(type) {
            buffer.append(" (")
            buffer.append(name)
            buffer.append(")")
        }
        switch type {
        case 0, 8, 13...18:
            buffer.append("  icmp_id=")
            buffer.appendDecimal(header.number(HeaderPlaces.icmpIdentification))
            buffer.append("  icmp_seq=")
            buffer.appendDecimal(header.number(HeaderPlaces.icmpSequence))
        default:
            buffer.append("  icmp_code=")
            buffer.appendDecimal(header.number(HeaderPlaces.icmpCode))
        }
        if options.validatesChecksums {
            buffer.append("  icmp_sum=")
            buffer.appendHex(header.number(HeaderPlaces.icmpChecksum))
            // Other than those of TCP and UDP it does not cover the addresses.
            let isFragment = network?.isFragment == true
            appendCheck(isFragment ? .fragment : ChecksumCheck(packet, length: header.length, at: 2), &buffer)
        }
        buffer.append("\n")
    }

    /// Notes what a header without a layout of its own means for checksums, and shows that of ICMPv6.
    mutating func checkOther(
        _ name: String, _ header: borrowing HeaderBytes, _ packet: RawSpan, _ buffer: inout ByteBuffer
    ) {
        switch name {
        case "ip6.frag":
            let isWhole =
                header.number(HeaderPlaces.fragmentOffset) == 0 && header.number(HeaderPlaces.fragmentMore) == 0
            if !isWhole { network?.isFragment = true }
        // Checksums cover the last of its addresses instead of the destination.
        case "ip6.rthdr": network = nil
        case "icmp6": appendICMPv6Checksum(header, packet, &buffer)
        default: break
        }
    }

    private mutating func appendICMPv6Checksum(
        _ header: borrowing HeaderBytes, _ packet: RawSpan, _ buffer: inout ByteBuffer
    ) {
        lines.start(&buffer)
        buffer.append("icmp6_sum=")
        buffer.appendHex(header.number(HeaderPlaces.icmp6Checksum))
        appendCheck(check(packet, header.length, at: 2, IPProtocol.icmpv6), &buffer)
        buffer.append("\n")
    }

    /// Checks the checksum of a message that covers addresses, too; nil if that is not wanted.
    private func check(_ packet: RawSpan, _ length: Int, at offset: Int, _ ipProtocol: UInt8) -> ChecksumCheck? {
        guard var network else { return nil }
        network.ipProtocol = ipProtocol
        return ChecksumCheck(packet, length: length, at: offset, network: network)
    }

    /// `<source port=49878, destination port=22(ssh) >`
    private func appendPorts(
        _ source: UInt64, _ destination: UInt64, _ ipProtocol: UInt8, _ buffer: inout ByteBuffer
    ) {
        lines.start(&buffer)
        buffer.append("<source port=")
        appendPort(source, ipProtocol, &buffer)
        buffer.append(", destination port=")
        appendPort(destination, ipProtocol, &buffer)
        buffer.append(" >\n")
    }

    private func appendPort(_ port: UInt64, _ ipProtocol: UInt8, _ buffer: inout ByteBuffer) {
        buffer.appendDecimal(port)
        guard let name = names.service(UInt16(truncatingIfNeeded: port), ipProtocol) else { return }
        buffer.append("(")
        buffer.appendEscaped(name.span.bytes)
        buffer.append(")")
    }

    /// `PUSH | ACK`
    private func appendFlags(_ flags: UInt64, _ buffer: inout ByteBuffer) {
        var isFirst = true
        for (bit, name) in Self.flagNames.enumerated() where flags >> UInt64(bit) & 1 == 1 {
            if !isFirst { buffer.append(" | ") }
            isFirst = false
            buffer.append(name)
        }
    }

    /// The spelling of this layout, lowest bit first.
    private static let flagNames: [StaticString] = ["FIN", "SYN", "RST", "PUSH", "ACK", "URG", "ECE", "CWR"]

    private static func icmpName(_ type: UInt64) -> StaticString? {
        switch type {
        case 0: "ECHO_REPLY"
        case 3: "DEST_UNREACH"
        case 4: "SOURCE_QUENCH"
        case 5: "REDIRECT"
        case 8: "ECHO_REQUEST"
        case 9: "ROUTER_ADVERT"
        case 10: "ROUTER_SOLICIT"
        case 11: "TIME_EXCEEDED"
        case 12: "PARAM_PROBLEM"
        case 13: "TIMESTAMP_REQUEST"
        case 14: "TIMESTAMP_REPLY"
        case 15: "INFO_REQUEST"
        case 16: "INFO_REPLY"
        case 17: "MASK_REQUEST"
        case 18: "MASK_REPLY"
        default: nil
        }
    }
}
