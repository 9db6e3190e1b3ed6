/// The resource records of a DNS message (RFC 1035, section 4.1.3).
enum DNSRecord {
    static let types: ValueNames = [
        1: "A", 2: "NS", 5: "CNAME", 6: "SOA", 12: "PTR", 13: "HINFO", 15: "MX", 16: "TXT", 28: "AAAA", 33: "SRV",
        35: "NAPTR", 39: "DNAME", 41: "OPT", 43: "DS", 46: "RRSIG", 47: "NSEC", 48: "DNSKEY", 50: "NSEC3", 52: "TLSA",
        64: "SVCB", 65: "HTTPS", 99: "SPF", 251: "IXFR", 252: "AXFR", 255: "ANY", 257: "CAA",
    ]

    /// One record: where its name begins and ends, and its data.
    struct Place {
        let name: Int
        /// Of the type, class, time to live and length.
        let head: Int
        let type: UInt16
        let data: Range<Int>
    }

    /// More records than this are not read.
    private static let limit = 256

    /// Visits the records of all sections until `body` returns false.
    static func walk(_ header: borrowing HeaderBytes, _ body: (Place) -> Bool) -> FieldReading {
        guard let questions = header.u16(4), let answers = header.u16(6), let authorities = header.u16(8),
            let others = header.u16(10)
        else { return header.ending }
        var offset = 12
        for _ in 0..<min(Int(questions), limit) {
            guard let end = DomainName.end(header, from: offset) else { return header.ending }
            offset = end + 4
        }
        for _ in 0..<min(Int(answers) + Int(authorities) + Int(others), limit) {
            guard let end = DomainName.end(header, from: offset), let type = header.u16(end),
                let length = header.u16(end + 8)
            else { return header.ending }
            let data = end + 10..<end + 10 + Int(length)
            guard data.upperBound <= header.length else { return .malformed }
            guard body(Place(name: offset, head: end, type: type, data: data)) else { return .absent }
            offset = data.upperBound
        }
        return .absent
    }

    static func fields(of name: String) -> [ProtocolField] {
        [
            all(name + ".rr.name", .domainName) { $0.run($1.name..<$1.head) },
            all(name + ".rr.type", names: types) { .number(UInt128($1.type)) },
            all(name + ".rr.ttl") { $1.type == 41 ? .absent : $0.read(at: $1.head + 4, count: 4) },
            only(name + ".a", 1, .ipv4) { $1.count == 4 ? $0.read(at: $1.lowerBound, count: 4) : .malformed },
            only(name + ".aaaa", 28, .ipv6) { $1.count == 16 ? $0.read(at: $1.lowerBound, count: 16) : .malformed },
            only(name + ".cname", 5, .domainName) { $0.run($1) },
            only(name + ".nsname", 2, .domainName) { $0.run($1) },
            only(name + ".ptr", 12, .domainName) { $0.run($1) },
            only(name + ".soa", 6, .domainName) { $0.run($1) },
            only(name + ".mx.pref", 15, .decimal) { $0.read(at: $1.lowerBound, count: 2) },
            only(name + ".mx", 15, .domainName) { $1.count > 2 ? $0.run($1.dropFirst(2)) : .malformed },
            only(name + ".srv.port", 33, .decimal) { $0.read(at: $1.lowerBound + 4, count: 2) },
            only(name + ".srv", 33, .domainName) { $1.count > 6 ? $0.run($1.dropFirst(6)) : .malformed },
            // The first of the strings, after its length.
            only(name + ".txt", 16, .text) { header, data in
                guard let length = header.u8(data.lowerBound) else { return header.ending }
                let end = data.lowerBound + 1 + Int(length)
                return end <= data.upperBound ? header.run(data.lowerBound + 1..<end) : .malformed
            },
            // The pseudo-record of EDNS (RFC 6891): its class is the size of datagrams that are welcome.
            ProtocolField(name + ".edns.size", .decimal, .more) { header, values in
                let end = walk(header) { record in
                    record.type == 41 ? values.append(header.read(at: record.head + 2, count: 2)) : true
                }
                values.append(end)
            },
        ]
    }

    private static func all(
        _ name: String, _ notation: ProtocolField.Notation = .decimal, names: ValueNames? = nil,
        _ read: @escaping @Sendable (borrowing HeaderBytes, Place) -> FieldReading
    ) -> ProtocolField {
        ProtocolField(name, notation, .more, names: names) { header, values in
            let end = walk(header) { values.append(read(header, $0)) }
            values.append(end)
        }
    }

    private static func only(
        _ name: String, _ type: UInt16, _ notation: ProtocolField.Notation,
        _ read: @escaping @Sendable (borrowing HeaderBytes, Range<Int>) -> FieldReading
    ) -> ProtocolField {
        ProtocolField(name, notation, .brief) { header, values in
            let end = walk(header) { $0.type == type ? values.append(read(header, $0.data)) : true }
            values.append(end)
        }
    }
}
