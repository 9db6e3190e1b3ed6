/// DNS (RFC 1035), multicast DNS (RFC 6762) and LLMNR (RFC 4795), which have the same messages on ports of their own.
extension PacketProtocol {
    static let dns = domainNames("dns", "DNS", [.udpPort(53), .dnsMessage])
    static let mdns = domainNames("mdns", "mDNS", [.udpPort(5353)])
    static let llmnr = domainNames("llmnr", "LLMNR", [.udpPort(5355)])

    /// The length before a message in a TCP stream (RFC 1035, section 4.2.2).
    static let dnsMark = PacketProtocol(
        "dnsmark", "DNS length", [.tcpPort(53), .tcpPort(5355)], base: .walked,
        fields: [ProtocolField("dnsmark.len", bit: 0, 16, .decimal, .more)],
        recognises: { header in
            guard let length = header.u16(0), let questions = header.u16(6) else { return false }
            // One that goes on in the next segment has a question in this one.
            let isWhole = Int(length) + 2 <= header.length
            guard isWhole || questions == 1 && DomainName.end(header, from: 2 + dnsHeaderSize) != nil else {
                return false
            }
            return isMessage(HeaderBytes(header.bytes, from: 2, length: Int(length)))
        },
        headerLength: { _ in 2 },
        next: { header in header.u16(0).map { NextHeader(.dnsMessage, length: Int($0)) } },
        messageLength: { header in header.u16(0).map { 2 + Int($0) } })

    private static func domainNames(
        _ name: String, _ title: StaticString, _ numbers: [ProtocolNumber]
    ) -> PacketProtocol {
        PacketProtocol(
            name, title, numbers, base: .walked,
            fields: [
                ProtocolField(name + ".id", bit: 0, 16),
                ProtocolField(name + ".qr", bit: 16, 1, .flag),
                ProtocolField(
                    name + ".op", bit: 17, 4, .decimal, .more,
                    names: [0: "query", 1: "inverse", 2: "status", 4: "notify", 5: "update", 6: "stateful"]),
                ProtocolField(name + ".aa", bit: 21, 1, .flag, .more),
                ProtocolField(name + ".tc", bit: 22, 1, .flag, .more),
                ProtocolField(name + ".rd", bit: 23, 1, .flag, .more),
                ProtocolField(name + ".ra", bit: 24, 1, .flag, .more),
                ProtocolField(name + ".ad", bit: 26, 1, .flag, .more),
                ProtocolField(name + ".cd", bit: 27, 1, .flag, .more),
                ProtocolField(name + ".rcode", bit: 28, 4, names: ValueNames(responseCode)),
                ProtocolField(name + ".qd", bit: 32, 16, .decimal, .more),
                ProtocolField(name + ".an", bit: 48, 16, .decimal, .more),
                ProtocolField(name + ".ns", bit: 64, 16, .decimal, .more),
                ProtocolField(name + ".ar", bit: 80, 16, .decimal, .more),
                question(name + ".qname", .domainName) { header, end in header.run(dnsHeaderSize..<end) },
                question(name + ".qtype", .decimal, names: DNSRecord.types) { $0.read(at: $1, count: 2) },
                question(name + ".qclass", .decimal, .most) { $0.read(at: $1 + 2, count: 2) },
            ] + DNSRecord.fields(of: name),
            recognises: isMessage,
            headerLength: { $0.length },
            summary: { header, line in
                guard let flags = header.u16(2) else { return }
                line.append(flags & 0x8000 == 0 ? "query" : "answer")
                guard header.u16(4).map({ $0 > 0 }) == true, let end = DomainName.end(header, from: dnsHeaderSize)
                else { return }
                line.append(" ")
                line.append(textOf: dnsHeaderSize..<end, as: .domainName, of: header)
            })
    }

    private static let dnsHeaderSize = 12

    /// The opcodes that exist, the reserved bit, room for what is announced, and a question that is one.
    @Sendable private static func isMessage(_ header: borrowing HeaderBytes) -> Bool {
        guard let flags = header.u16(2), let questions = header.u16(4), let answers = header.u16(6),
            let authorities = header.u16(8), let others = header.u16(10),
            [0, 1, 2, 4, 5, 6].contains(flags >> 11 & 15), flags & 0x40 == 0,
            // Names need a byte, records eleven.
            dnsHeaderSize + 5 * Int(questions) + 11 * (Int(answers) + Int(authorities) + Int(others)) <= header.length
        else { return false }
        guard questions > 0 else { return flags & 0x8000 != 0 }
        guard let end = DomainName.end(header, from: dnsHeaderSize) else { return header.capturedCount < header.length }
        // The top bit of a class is one of multicast DNS.
        guard let kind = header.u16(end + 2) else { return end + 4 <= header.length }
        return [1, 3, 4, 254, 255].contains(kind & 0x7fff)
    }

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
}
