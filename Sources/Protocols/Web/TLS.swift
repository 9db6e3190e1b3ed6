/// TLS (RFC 8446): records, and the first message of each side.
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
            ProtocolField("tls.alert.level", .decimal, .more, names: [1: "warning", 2: "fatal"]) { alert($0, 5) },
            ProtocolField("tls.alert", .decimal, .brief, names: TLSWords.alerts) { alert($0, 6) },
            hello("tls.hello.ver", .hexadecimal, .more, names: ValueNames(tlsVersion)) { .number(UInt128($1.version)) },
            hello("tls.session", .bytes, .most) { $1.session.isEmpty ? .absent : $0.run($1.session) },
            hello("tls.cipher", .hexadecimal, names: TLSWords.ciphers) { header, hello in
                hello.isClient ? .absent : header.read(at: hello.ciphers.lowerBound, count: 2)
            },
            list("tls.ciphers", .most, names: TLSWords.ciphers) { header, hello in
                hello.isClient ? (hello.ciphers, 0) : nil
            },
            hello("tls.sni", .text) { header, hello in
                guard hello.isClient, let range = hello.serverName(header) else { return .absent }
                return header.run(range)
            },
            ProtocolField("tls.alpn", .text, .more) { header, values in
                guard let hello = TLSHello(header, at: 5), let range = hello.contents(16, header) else {
                    return _ = values.append(missing(header))
                }
                var offset = range.lowerBound + 2
                while offset < range.upperBound {
                    guard let size = header.u8(offset) else { return _ = values.append(.truncated) }
                    guard offset + 1 + Int(size) <= range.upperBound else { return _ = values.append(.malformed) }
                    guard values.append(header.run(offset + 1..<offset + 1 + Int(size))) else { return }
                    offset += 1 + Int(size)
                }
            },
            list("tls.versions", .more, names: ValueNames(tlsVersion)) { header, hello in
                hello.contents(43, header).map { ($0, hello.isClient ? 1 : 0) }
            },
            list("tls.groups", .most, names: TLSWords.groups) { header, hello in
                hello.isClient ? hello.contents(10, header).map { ($0, 2) } : nil
            },
            list("tls.sigalgs", .most) { header, hello in hello.contents(13, header).map { ($0, 2) } },
            ProtocolField("tls.ext", .decimal, .most, names: TLSWords.extensions) { header, values in
                guard let hello = TLSHello(header, at: 5) else { return _ = values.append(missing(header)) }
                let end = hello.walk(header) { type, _ in values.append(.number(UInt128(type))) }
                values.append(end == .malformed && header.length < hello.end ? .truncated : end)
            },
            fingerprint("tls.ja3", isClient: true) { $0.appendJA3(to: &$1) },
            fingerprint("tls.ja3s", isClient: false) { $0.appendJA3(to: &$1) },
            fingerprint("tls.ja4", isClient: true) { $0.appendJA4(isQUIC: false, to: &$1) },
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

    /// The reading of a field of a hello that is not readable: the record may be another one.
    private static func missing(_ header: borrowing HeaderBytes) -> FieldReading {
        guard let type = header.u8(0) else { return .truncated }
        guard type == 22 else { return .absent }
        guard let message = header.u8(5) else { return .truncated }
        guard message == 1 || message == 2 else { return .absent }
        guard let hello = TLSHello(header, at: 5) else { return .truncated }
        // The rest of the extensions is in the next segment.
        return hello.extensions.upperBound <= header.capturedCount ? .absent : .truncated
    }

    private static func hello(
        _ name: String, _ notation: ProtocolField.Notation, _ detail: ProtocolField.Detail = .brief,
        names: ValueNames? = nil, _ read: @escaping @Sendable (borrowing HeaderBytes, TLSHello) -> FieldReading
    ) -> ProtocolField {
        ProtocolField(name, notation, detail, when: .bits(0, 8, are: [22]), names: names) { header in
            guard let hello = TLSHello(header, at: 5) else { return missing(header) }
            let reading = read(header, hello)
            return reading == .absent ? missing(header) : reading
        }
    }

    /// Numbers of two bytes after the length of their list, in a hello.
    private static func list(
        _ name: String, _ detail: ProtocolField.Detail, names: ValueNames? = nil,
        _ place: @escaping @Sendable (borrowing HeaderBytes, TLSHello) -> (Range<Int>, Int)?
    ) -> ProtocolField {
        ProtocolField(name, .hexadecimal, detail, when: .bits(0, 8, are: [22]), names: names) { header, values in
            guard let hello = TLSHello(header, at: 5), let (range, head) = place(header, hello) else {
                return _ = values.append(missing(header))
            }
            for offset in stride(from: range.lowerBound + head, to: range.upperBound - 1, by: 2) {
                guard values.append(header.read(at: offset, count: 2)) else { return }
            }
        }
    }

    private static func fingerprint(
        _ name: String, isClient: Bool, _ append: @escaping @Sendable (TLSFingerprint, inout TextLine) -> Void
    ) -> ProtocolField {
        let write: @Sendable (Range<Int>, borrowing HeaderBytes, inout TextLine) -> Void = { range, header, line in
            TLSFingerprint(header, at: range.lowerBound).map { append($0, &line) }
        }
        return hello(name, .derived(write), .more) { header, hello in
            guard hello.isClient == isClient else { return .absent }
            guard hello.end <= header.capturedCount else { return .truncated }
            return TLSFingerprint(header, at: 5) == nil ? .malformed : .bytes(5..<hello.end)
        }
    }

    /// A part of an alert that is not encrypted: it has two bytes.
    private static func alert(_ header: borrowing HeaderBytes, _ offset: Int) -> FieldReading {
        guard let type = header.u8(0), let length = header.u16(3) else { return .truncated }
        return type == 21 && length == 2 ? header.read(at: offset, count: 1) : .absent
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
