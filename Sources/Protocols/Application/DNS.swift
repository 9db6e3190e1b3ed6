/// DNS (RFC 1035), multicast DNS (RFC 6762) and LLMNR (RFC 4795): the header and the first question. Answers are data.
extension PacketProtocol {
    static let dns = PacketProtocol(
        "dns", "DNS", [.udpPort(53), .udpPort(5353), .udpPort(5355)], base: .walked,
        fields: [
            ProtocolField("dns.id", bit: 0, 16),
            ProtocolField("dns.qr", bit: 16, 1, .flag),
            ProtocolField("dns.op", bit: 17, 4, .decimal, .more),
            ProtocolField("dns.aa", bit: 21, 1, .flag, .more),
            ProtocolField("dns.tc", bit: 22, 1, .flag, .more),
            ProtocolField("dns.rd", bit: 23, 1, .flag, .more),
            ProtocolField("dns.ra", bit: 24, 1, .flag, .more),
            ProtocolField("dns.ad", bit: 26, 1, .flag, .more),
            ProtocolField("dns.cd", bit: 27, 1, .flag, .more),
            ProtocolField("dns.rcode", bit: 28, 4, names: ValueNames(responseCode)),
            ProtocolField("dns.qd", bit: 32, 16, .decimal, .more),
            ProtocolField("dns.an", bit: 48, 16, .decimal, .more),
            ProtocolField("dns.ns", bit: 64, 16, .decimal, .more),
            ProtocolField("dns.ar", bit: 80, 16, .decimal, .more),
            question("dns.qname", .domainName) { header, end in header.run(dnsHeaderSize..<end) },
            question("dns.qtype", .decimal, names: ValueNames(queryType)) { $0.read(at: $1, count: 2) },
            question("dns.qclass", .decimal, .most) { $0.read(at: $1 + 2, count: 2) },
        ],
        // The opcodes that exist, the reserved bit, and a question that is one.
        recognises: { header in
            guard let flags = header.u16(2), let questions = header.u16(4), header.length >= dnsHeaderSize,
                [0, 1, 2, 4, 5, 6].contains(flags >> 11 & 15), flags & 0x40 == 0
            else { return false }
            guard questions > 0 else { return flags & 0x8000 != 0 }
            return DomainName.end(header, from: dnsHeaderSize) != nil || header.capturedCount < header.length
        },
        headerLength: { header in
            guard let questions = header.u16(4) else { return nil }
            guard questions > 0 else { return dnsHeaderSize }
            return DomainName.end(header, from: dnsHeaderSize).map { $0 + 4 }
        },
        summary: { header, line in
            guard let flags = header.u16(2) else { return }
            line.append(flags & 0x8000 == 0 ? "query" : "answer")
            guard header.u16(4).map({ $0 > 0 }) == true, let end = DomainName.end(header, from: dnsHeaderSize) else {
                return
            }
            line.append(" ")
            line.append(textOf: dnsHeaderSize..<end, as: .domainName, of: header)
        })

    private static let dnsHeaderSize = 12

    /// A field of the first question; `read` gets the end of its name.
    private static func question(
        _ name: String, _ notation: ProtocolField.Notation, _ detail: ProtocolField.Detail = .brief,
        names: ValueNames? = nil, _ read: @escaping @Sendable (borrowing HeaderBytes, Int) -> FieldReading
    ) -> ProtocolField {
        ProtocolField(name, notation, detail, names: names) { header in
            guard let count = header.u16(4) else { return .truncated }
            guard count > 0 else { return .absent }
            guard let end = DomainName.end(header, from: dnsHeaderSize) else {
                return header.capturedCount < header.length ? .truncated : .malformed
            }
            return read(header, end)
        }
    }

    @Sendable private static func responseCode(_ number: UInt64) -> StaticString? {
        switch number {
        case 1: "format error"
        case 2: "server failure"
        case 3: "no such name"
        case 4: "not implemented"
        case 5: "refused"
        default: nil
        }
    }

    @Sendable private static func queryType(_ number: UInt64) -> StaticString? {
        switch number {
        case 1: "A"
        case 2: "NS"
        case 5: "CNAME"
        case 6: "SOA"
        case 12: "PTR"
        case 15: "MX"
        case 16: "TXT"
        case 28: "AAAA"
        case 33: "SRV"
        case 43: "DS"
        case 48: "DNSKEY"
        case 64: "SVCB"
        case 65: "HTTPS"
        case 252: "AXFR"
        case 255: "ANY"
        default: nil
        }
    }
}
