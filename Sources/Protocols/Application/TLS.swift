/// TLS (RFC 8446): records, and of the first message the names that a client asks for.
extension PacketProtocol {
    private static let tlsPorts: [UInt16] = [443, 465, 853, 993, 995, 8443]

    static let tls = PacketProtocol(
        "tls", "TLS", tlsPorts.map { .tcpPort($0) }, base: .walked,
        fields: [
            ProtocolField("tls.type", bit: 0, 8, names: ValueNames(recordType)),
            ProtocolField("tls.ver", bit: 8, 16, .hexadecimal, .more, names: ValueNames(tlsVersion)),
            ProtocolField("tls.len", bit: 24, 16, .decimal, .more),
            ProtocolField(
                "tls.handshake", bit: 40, 8, when: .bits(0, 8, are: [22]), names: ValueNames(handshakeType)),
            ProtocolField("tls.sni", .text) { header in
                extensionContents(0, header) { contents in
                    // A list of names, the first of which is of a host.
                    guard let length = header.u16(contents.lowerBound + 3) else { return .truncated }
                    let start = contents.lowerBound + 5
                    guard start + Int(length) <= contents.upperBound else { return .malformed }
                    return header.run(start..<start + Int(length))
                }
            },
            ProtocolField("tls.alpn", .text, .more) { header in
                extensionContents(16, header) { contents in
                    guard let length = header.u8(contents.lowerBound + 2) else { return .truncated }
                    let start = contents.lowerBound + 3
                    guard start + Int(length) <= contents.upperBound else { return .malformed }
                    return header.run(start..<start + Int(length))
                }
            },
        ],
        // A type of record, a version of 3.x, and a length that a record may have.
        recognises: { header in
            guard let type = header.u8(0), let version = header.u16(1), let length = header.u16(3) else { return false }
            return (20...24).contains(type) && (0x0300...0x0304).contains(version) && length > 0
                && length <= 16384 + 256
        },
        headerLength: { header in header.u16(3).map { min(5 + Int($0), header.length) } },
        next: { _ in NextHeader(.tcpPort(tlsPorts[0])) },
        summary: { header, line in
            guard let type = header.u8(0) else { return }
            if type == 22, let message = header.u8(5), let name = handshakeType(UInt64(message)) {
                line.append(name)
            } else if let name = recordType(UInt64(type)) {
                line.append(name)
            }
        },
        // Records of data are left as they are: nothing in them is decoded.
        messageLength: { header in
            guard header.u8(0) == 22 else { return 0 }
            return header.u16(3).map { 5 + Int($0) }
        })

    /// Reads the contents of an extension in the message that a client begins with.
    private static func extensionContents(
        _ wanted: UInt16, _ header: borrowing HeaderBytes, _ body: (Range<Int>) -> FieldReading
    ) -> FieldReading {
        guard let type = header.u8(0) else { return .truncated }
        guard type == 22 else { return .absent }
        guard let message = header.u8(5) else { return .truncated }
        guard message == 1 else { return .absent }
        // Version, random number, session, ciphers, compressions.
        guard let session = header.u8(43), let ciphers = header.u16(44 + Int(session)),
            let compressions = header.u8(46 + Int(session) + Int(ciphers))
        else { return .truncated }
        var offset = 47 + Int(session) + Int(ciphers) + Int(compressions)
        guard let length = header.u16(offset) else { return .truncated }
        offset += 2
        let end = offset + Int(length)
        while offset < end {
            guard let found = header.u16(offset), let size = header.u16(offset + 2) else { return .truncated }
            guard offset + 4 + Int(size) <= end else { return .malformed }
            if found == wanted { return body(offset + 4..<offset + 4 + Int(size)) }
            offset += 4 + Int(size)
        }
        return .absent
    }

    @Sendable private static func recordType(_ number: UInt64) -> StaticString? {
        switch number {
        case 20: "change cipher spec"
        case 21: "alert"
        case 22: "handshake"
        case 23: "application data"
        case 24: "heartbeat"
        default: nil
        }
    }

    @Sendable private static func handshakeType(_ number: UInt64) -> StaticString? {
        switch number {
        case 1: "client hello"
        case 2: "server hello"
        case 4: "new session ticket"
        case 11: "certificate"
        case 12: "server key exchange"
        case 13: "certificate request"
        case 14: "server hello done"
        case 16: "client key exchange"
        case 20: "finished"
        default: nil
        }
    }

    @Sendable private static func tlsVersion(_ number: UInt64) -> StaticString? {
        switch number {
        case 0x0300: "SSL 3.0"
        case 0x0301: "TLS 1.0"
        case 0x0302: "TLS 1.1"
        case 0x0303: "TLS 1.2"
        case 0x0304: "TLS 1.3"
        default: nil
        }
    }
}
