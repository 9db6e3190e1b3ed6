/// QUIC, versions 1 (RFC 9000) and 2 (RFC 9369): packets with a long header, of which several share a datagram, and the
/// hello of the client in Initial packets, which are encrypted by keys that everyone can derive.
extension PacketProtocol {
    static let quic = PacketProtocol(
        "quic", "QUIC", [.udpPort(443), .udpPort(8443), .quicPacket], base: .walked,
        fields: [
            ProtocolField("quic.fixed", bit: 1, 1, .flag, .all),
            ProtocolField("quic.type", names: packetTypes) { header in
                guard let packet = QUICPacket(header) else { return header.ending }
                return packet.type.map { .number(UInt128($0)) } ?? .absent
            },
            ProtocolField(
                "quic.ver", bit: 8, 32, .hexadecimal, .brief,
                names: [0: "version negotiation", 1: "1", 0x6b33_43cf: "2"]),
            ProtocolField("quic.dcid", .bytes) { part($0) { $0.destination } },
            ProtocolField("quic.scid", .bytes) { part($0) { $0.source } },
            ProtocolField("quic.versions", .hexadecimal, .more, when: .bits(8, 32, are: [0])) { header, values in
                guard let packet = QUICPacket(header) else { return _ = values.append(header.ending) }
                for offset in stride(from: packet.source.upperBound, to: header.length - 3, by: 4) {
                    guard values.append(header.read(at: offset, count: 4)) else { return }
                }
            },
            ProtocolField("quic.token", .bytes, .more) { part($0) { $0.token } },
            ProtocolField("quic.len", .decimal, .more) { header in
                guard let packet = QUICPacket(header) else { return header.ending }
                return packet.length.map { .number(UInt128($0)) } ?? .absent
            },
            hello("quic.sni", .brief) { hello, header, line in
                guard let range = hello.serverName(header) else { return }
                line.append(textOf: range, as: .text, of: header)
            },
            hello("quic.alpn", .more) { hello, header, line in
                guard let range = hello.firstProtocol(header) else { return }
                line.append(textOf: range, as: .text, of: header)
            },
            hello("quic.ja4", .more) { _, header, line in
                TLSFingerprint(header, at: 0)?.appendJA4(isQUIC: true, to: &line)
            },
        ],
        recognises: { header in
            guard let first = header.u8(0), first & 0x80 != 0, let version = header.u32(1),
                version == 0 || QUICPacket.isKnown(version) && first & 0x40 != 0, let packet = QUICPacket(header),
                packet.destination.count <= 20, packet.source.count <= 20
            else { return false }
            if version == 0 { return (header.length - packet.source.upperBound) % 4 == 0 && header.length >= 11 }
            return packet.end <= header.length
        },
        headerLength: { QUICPacket($0)?.end },
        next: { _ in NextHeader(.quicPacket) },
        summary: { header, line in
            guard let packet = QUICPacket(header) else { return }
            if let type = packet.type, let name = packetTypes[UInt64(type)] {
                line.append(name)
            } else {
                line.append("version negotiation")
            }
        })

    /// A packet with a short header says nothing of itself: only one after a long header in the same datagram counts.
    static let quicShort = PacketProtocol(
        "quicshort", "QUIC short", [.quicPacket], base: .walked,
        fields: [
            ProtocolField("quicshort.fixed", bit: 1, 1, .flag, .all),
            ProtocolField("quicshort.spin", bit: 2, 1, .flag, .more),
        ],
        recognises: { header in header.u8(0).map { $0 & 0xc0 == 0x40 } ?? false },
        headerLength: { $0.length })

    private static let packetTypes: ValueNames = [0: "initial", 1: "0-RTT", 2: "handshake", 3: "retry"]

    private static func part(
        _ header: borrowing HeaderBytes, _ place: (QUICPacket) -> Range<Int>?
    ) -> FieldReading {
        guard let packet = QUICPacket(header) else { return header.ending }
        guard let range = place(packet), !range.isEmpty else { return .absent }
        return header.run(range)
    }

    /// A text from the hello of a client; absent if the packet has none, or if it has nothing of the kind.
    private static func hello(
        _ name: String, _ detail: ProtocolField.Detail,
        _ append: @escaping @Sendable (TLSHello, borrowing HeaderBytes, inout TextLine) -> Void
    ) -> ProtocolField {
        let write: @Sendable (Range<Int>, borrowing HeaderBytes, inout TextLine) -> Void = { _, header, line in
            let message = QUICInitial.hello(header)
            let bytes = HeaderBytes(message.span.bytes, from: 0, length: message.count)
            guard let hello = TLSHello(bytes, at: 0), hello.isClient else { return }
            append(hello, bytes, &line)
        }
        return ProtocolField(name, .derived(write), detail) { header in
            guard let packet = QUICPacket(header) else { return header.ending }
            guard packet.type == 0, let payload = packet.payload else { return .absent }
            guard payload.upperBound <= header.capturedCount else { return .truncated }
            var text = TextLine()
            write(payload, header, &text)
            return text.bytes.isEmpty ? .absent : .bytes(payload)
        }
    }
}
