/// DHCP (RFC 2131) and its options (RFC 2132), with the header of BOOTP.
extension PacketProtocol {
    static let dhcp = PacketProtocol(
        "dhcp", "DHCP", [.udpPort(67), .udpPort(68)], base: .walked,
        fields: [
            ProtocolField("dhcp.op", bit: 0, 8, names: ValueNames { $0 == 1 ? "request" : $0 == 2 ? "reply" : nil }),
            ProtocolField("dhcp.htype", bit: 8, 8, .decimal, .most),
            ProtocolField("dhcp.hlen", bit: 16, 8, .decimal, .all),
            ProtocolField("dhcp.hops", bit: 24, 8, .decimal, .most),
            ProtocolField("dhcp.xid", bit: 32, 32, .hexadecimal),
            ProtocolField("dhcp.secs", bit: 64, 16, .decimal, .more),
            ProtocolField("dhcp.flags", bit: 80, 16, .hexadecimal, .most),
            ProtocolField("dhcp.ciaddr", bit: 96, 32, .ipv4, .more),
            ProtocolField("dhcp.yiaddr", bit: 128, 32, .ipv4),
            ProtocolField("dhcp.siaddr", bit: 160, 32, .ipv4, .more),
            ProtocolField("dhcp.giaddr", bit: 192, 32, .ipv4, .more),
            ProtocolField("dhcp.chaddr", bit: 224, 48, .ethernet, when: .bits(8, 16, are: [0x0106])),
            option("dhcp.msgtype", 53, .decimal, size: 1, names: ValueNames(messageType)),
            option("dhcp.mask", 1, .ipv4, size: 4),
            option("dhcp.router", 3, .ipv4, size: 4),
            option("dhcp.dns", 6, .ipv4, size: 4),
            option("dhcp.hostname", 12, .text, size: nil),
            option("dhcp.domain", 15, .text, size: nil),
            option("dhcp.reqaddr", 50, .ipv4, size: 4),
            option("dhcp.lease", 51, .decimal, size: 4),
            option("dhcp.server", 54, .ipv4, size: 4),
            option("dhcp.class", 60, .text, size: nil),
        ],
        recognises: { header in
            header.u32(optionsStart - 4) == 0x6382_5363 && (header.u8(0) == 1 || header.u8(0) == 2)
        },
        headerLength: { header in
            var end = optionsStart
            while let code = header.u8(end) {
                if code == 255 { return end + 1 }
                guard code != 0 else {
                    end += 1
                    continue
                }
                guard let length = header.u8(end + 1) else { break }
                end += 2 + Int(length)
            }
            // Without an end, the options fill the message.
            return header.capturedCount < header.length ? nil : header.length
        },
        summary: { header, line in
            guard case .number(let type) = readOption(53, header, { header.read(at: $0.lowerBound, count: 1) }),
                let name = messageType(UInt64(truncatingIfNeeded: type))
            else { return }
            line.append(name)
        })

    /// After the magic number.
    private static let optionsStart = 240

    /// - Parameter size: of the value; further values of the option are left out; nil for text of any length.
    private static func option(
        _ name: String, _ code: UInt8, _ notation: ProtocolField.Notation, size: Int?, names: ValueNames? = nil
    ) -> ProtocolField {
        ProtocolField(name, notation, code == 53 ? .brief : .more, names: names) { header in
            readOption(code, header) { value in
                guard let size else { return header.run(value) }
                return value.count >= size ? header.read(at: value.lowerBound, count: size) : .malformed
            }
        }
    }

    /// Reads the value of the first option with a code.
    private static func readOption(
        _ code: UInt8, _ header: borrowing HeaderBytes, _ body: (Range<Int>) -> FieldReading
    ) -> FieldReading {
        var offset = optionsStart
        while offset < header.length {
            guard let found = header.u8(offset) else { return .truncated }
            if found == 255 { break }
            guard found != 0 else {
                offset += 1
                continue
            }
            guard let length = header.u8(offset + 1) else {
                return offset + 1 < header.length ? .truncated : .malformed
            }
            guard offset + 2 + Int(length) <= header.length else { return .malformed }
            if found == code { return body(offset + 2..<offset + 2 + Int(length)) }
            offset += 2 + Int(length)
        }
        return .absent
    }

    @Sendable private static func messageType(_ number: UInt64) -> StaticString? {
        switch number {
        case 1: "DISCOVER"
        case 2: "OFFER"
        case 3: "REQUEST"
        case 4: "DECLINE"
        case 5: "ACK"
        case 6: "NAK"
        case 7: "RELEASE"
        case 8: "INFORM"
        default: nil
        }
    }
}
