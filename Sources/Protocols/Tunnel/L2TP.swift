/// L2TP over UDP, version 2 (RFC 2661), and over IP, version 3 (RFC 3931).
extension PacketProtocol {
    /// Offsets of the fields of version 2, which the flags decide.
    private struct L2TPLayout {
        var length: Int?
        var tunnel = 2
        var sequence: Int?
        var end = 6

        init?(_ header: borrowing HeaderBytes) {
            guard let flags = header.u16(0) else { return nil }
            if flags & 0x4000 != 0 {
                length = 2
                tunnel = 4
                end = 8
            }
            if flags & 0x0800 != 0 {
                sequence = end
                end += 4
            }
            guard flags & 0x0200 != 0 else { return }
            guard let padding = header.u16(end) else { return nil }
            end += 2 + Int(padding)
        }
    }

    static let l2tp = PacketProtocol(
        "l2tp", "L2TP", [.udpPort(1701)], base: .walked,
        fields: [
            ProtocolField("l2tp.type", bit: 0, 1, names: [0: "data", 1: "control"]),
            ProtocolField("l2tp.ver", bit: 12, 4, .decimal, .most),
            l2tpPart("l2tp.len", .more) { $0.length },
            l2tpPart("l2tp.tunnel", .brief) { $0.tunnel },
            l2tpPart("l2tp.session", .brief) { $0.tunnel + 2 },
            l2tpPart("l2tp.ns", .more) { $0.sequence },
            l2tpPart("l2tp.nr", .more) { $0.sequence.map { $0 + 2 } },
            ProtocolField("l2tp.message", when: .bits(0, 1, are: [1]), names: l2tpMessages) { header in
                guard let layout = L2TPLayout(header) else { return header.ending }
                // The first attribute of a control message is its type; acknowledgements have none.
                guard layout.end < header.length else { return .absent }
                guard let attribute = header.u16(layout.end + 4) else { return header.ending }
                return attribute == 0 ? header.read(at: layout.end + 6, count: 2) : .absent
            },
        ],
        recognises: { header in
            guard let flags = header.u16(0), flags & 0x34f0 == 0, flags & 0xf == 2 else { return false }
            // Control messages have a length and numbers, and the length is that of the datagram.
            if flags & 0x8000 != 0, flags & 0x4b00 != 0x4800 { return false }
            if flags & 0x4000 != 0, header.u16(2).map({ Int($0) != header.length }) ?? true { return false }
            // Data is a packet of PPP.
            guard flags & 0x8000 == 0 else { return true }
            return L2TPLayout(header).map { isPPP(header, at: $0.end) } ?? false
        },
        headerLength: { header in
            guard let flags = header.u16(0) else { return nil }
            return flags & 0x8000 != 0 ? header.length : L2TPLayout(header)?.end
        },
        next: { header in
            header.u8(0).map { $0 & 0x80 == 0 } == true ? NextHeader(.ppp) : nil
        },
        summary: { header, line in
            guard let layout = L2TPLayout(header), let tunnel = header.u16(layout.tunnel),
                let session = header.u16(layout.tunnel + 2)
            else { return }
            line.append("tunnel ")
            line.appendDecimal(tunnel)
            line.append(" session ")
            line.appendDecimal(session)
        })

    private static let l2tpMessages: ValueNames = [
        1: "SCCRQ", 2: "SCCRP", 3: "SCCCN", 4: "StopCCN", 6: "HELLO", 7: "OCRQ", 8: "OCRP", 9: "OCCN", 10: "ICRQ",
        11: "ICRP", 12: "ICCN", 14: "CDN", 15: "WEN", 16: "SLI",
    ]

    private static func l2tpPart(
        _ name: String, _ detail: ProtocolField.Detail, _ offset: @escaping @Sendable (L2TPLayout) -> Int?
    ) -> ProtocolField {
        ProtocolField(name, .decimal, detail) { header in
            guard let layout = L2TPLayout(header) else { return header.ending }
            return offset(layout).map { header.read(at: $0, count: 2) } ?? .absent
        }
    }

    /// Over IP a session comes first, 0 for control messages.
    static let l2tp3 = PacketProtocol(
        "l2tp3", "L2TPv3", [.ipProtocol(115)], base: .transport,
        fields: [
            ProtocolField("l2tp3.session", bit: 0, 32, .hexadecimal),
            ProtocolField("l2tp3.connection", bit: 64, 32, .hexadecimal, .brief, when: isControl),
            ProtocolField("l2tp3.ns", bit: 96, 16, .decimal, .more, when: isControl),
            ProtocolField("l2tp3.nr", bit: 112, 16, .decimal, .more, when: isControl),
        ],
        headerLength: { header in header.u32(0).map { $0 == 0 ? 16 : 4 } },
        summary: { header, line in
            guard let session = header.u32(0) else { return }
            line.append("session 0x")
            line.appendHex(UInt64(session), digits: 8)
        })

    private static let isControl = ProtocolField.Condition.bits(0, 32, are: [0])
}
