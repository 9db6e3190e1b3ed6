/// The contents of Initial packets of a client (RFC 9001, section 5). Their keys are derived from the identifier of the
/// connection alone.
enum QUICInitial {
    private static let salts: [UInt32: [UInt8]] = [
        1: [
            0x38, 0x76, 0x2c, 0xf7, 0xf5, 0x59, 0x34, 0xb3, 0x4d, 0x17, 0x9a, 0xe6, 0xa4, 0xc8, 0x0c, 0xad, 0xcc, 0xbb,
            0x7f, 0x0a,
        ],
        QUICPacket.version2: [
            0x0d, 0xed, 0xe3, 0xde, 0xf7, 0x00, 0xa6, 0xdb, 0x81, 0x93, 0x81, 0xbe, 0x6e, 0x26, 0x9d, 0xcb, 0xf9, 0xbd,
            0x2e, 0xd9,
        ],
    ]

    /// The message of TLS in a packet, as far as its frames follow each other from the start; empty if there is none.
    static func hello(_ header: borrowing HeaderBytes) -> [UInt8] {
        guard let packet = QUICPacket(header), packet.type == 0, let payload = packet.payload,
            let salt = salts[packet.version], let plain = decrypt(header, packet, payload, salt)
        else { return [] }
        return message(in: plain)
    }

    private static func bytes(_ header: borrowing HeaderBytes, _ range: Range<Int>) -> [UInt8] {
        range.compactMap { header.u8($0) }
    }

    private static func decrypt(
        _ header: borrowing HeaderBytes, _ packet: QUICPacket, _ payload: Range<Int>, _ salt: [UInt8]
    ) -> [UInt8]? {
        guard payload.upperBound <= header.capturedCount, payload.count >= 36, payload.count <= 65536 else {
            return nil
        }
        let secret = SHA256.hmac(key: salt, bytes(header, packet.destination))
        let client = SHA256.expand(secret, label: "client in", count: 32)
        let prefix = packet.version == QUICPacket.version2 ? "quicv2 " : "quic "
        let mask = AES128(key: SHA256.expand(client, label: prefix + "hp", count: 16)).encrypt(
            bytes(header, payload.lowerBound + 4..<payload.lowerBound + 20))
        guard let first = header.u8(0) else { return nil }
        let size = Int((first ^ mask[0]) & 3) + 1
        var nonce = SHA256.expand(client, label: prefix + "iv", count: 12)
        for index in 0..<size {
            guard let byte = header.u8(payload.lowerBound + index) else { return nil }
            nonce[12 - size + index] ^= byte ^ mask[index + 1]
        }
        // The last 16 bytes are the tag.
        return AES128(key: SHA256.expand(client, label: prefix + "key", count: 16)).decrypt(
            bytes(header, payload.lowerBound + size..<payload.upperBound - 16), nonce: nonce)
    }

    /// Puts the frames of the handshake in order (RFC 9000, section 19.6). A client that hides from filters mixes them.
    private static func message(in plain: [UInt8]) -> [UInt8] {
        let frames = HeaderBytes(plain.span.bytes, from: 0, length: plain.count)
        var parts: [(offset: Int, range: Range<Int>)] = []
        var offset = 0
        loop: while let type = frames.u8(offset), parts.count < 64 {
            switch type {
            // Padding and ping.
            case 0, 1: offset += 1
            case 6:
                guard let place = QUICPacket.number(frames, at: offset + 1),
                    let length = QUICPacket.number(frames, at: offset + 1 + place.size)
                else { break loop }
                let start = offset + 1 + place.size + length.size
                guard start + length.value <= plain.count else { break loop }
                parts.append((place.value, start..<start + length.value))
                offset = start + length.value
            default: break loop
            }
        }
        var message: [UInt8] = []
        for part in parts.sorted(by: { $0.offset < $1.offset }) {
            guard part.offset <= message.count else { break }
            message += plain[part.range].dropFirst(message.count - part.offset)
        }
        return message
    }
}
