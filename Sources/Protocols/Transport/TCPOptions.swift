/// The options of a TCP header (RFC 9293, section 3.1) as fields: each is found by its kind.
extension PacketProtocol {
    static let tcpOptionList = EntryList(.init(countsHead: true, padding: 1, end: 0)) { header in
        header.u8(12).map { Range(from: TCPHeader.minimumSize, to: Int($0 >> 4) * 4) }
    }

    static let tcpOptions: [ProtocolField] =
        [
            number("tcp.maxseg", kind: 2, at: 2, count: 2),
            number("tcp.wscale", kind: 3, at: 2, count: 1),
            presence("tcp.sackok", kind: 4),
            contents("tcp.sack", kind: 5),
            .entry("tcp.sack.left", 5, of: tcpOptionList, .decimal, .more, size: 4, every: 8),
            .entry("tcp.sack.right", 5, of: tcpOptionList, .decimal, .more, at: 4, size: 4, every: 8),
            number("tcp.ts.val", kind: 8, at: 2, count: 4),
            number("tcp.ts.ecr", kind: 8, at: 6, count: 4),
            contents("tcp.md5sig", kind: 19),
            // RFC 5482: the unit is a minute if the first bit is set, otherwise a second.
            number("tcp.timeout", kind: 28, at: 2, count: 2),
            contents("tcp.ao", kind: 29),
            number("tcp.ao.keyid", kind: 29, at: 2, count: 1),
            number("tcp.ao.rnextkeyid", kind: 29, at: 3, count: 1),
            .entry("tcp.ao.mac", 29, of: tcpOptionList, .bytes, .more, at: 2),
            contents("tcp.mptcp", kind: 30),
        ] + multipathFields + [
            contents("tcp.fastopen", kind: 34),
            .types(
                "tcp.opt", of: tcpOptionList, .most,
                names: [
                    2: "MSS", 3: "window scale", 4: "SACK permitted", 5: "SACK", 8: "timestamps", 19: "MD5",
                    28: "user timeout", 29: "AO", 30: "MPTCP", 34: "fast open", 69: "encryption", 172: "AccECN0",
                    174: "AccECN1", 254: "experiment",
                ]),
        ]

    private static func number(_ name: String, kind: UInt8, at offset: Int, count: Int) -> ProtocolField {
        ProtocolField(name, .decimal, .more) { header in
            read(kind, header) { option in
                offset + count <= option.count
                    ? header.read(at: option.lowerBound + offset, count: count) : .malformed
            }
        }
    }

    private static func presence(_ name: String, kind: UInt8) -> ProtocolField {
        ProtocolField(name, .flag, .more) { header in read(kind, header) { _ in .number(1) } }
    }

    private static func contents(_ name: String, kind: UInt8) -> ProtocolField {
        ProtocolField(name, .bytes, .more) { header in
            read(kind, header) { option in header.run(option.lowerBound + 2..<option.upperBound) }
        }
    }

    /// Reads the first option of a kind. After an option whose length cannot be, no other is found.
    private static func read(
        _ kind: UInt8, _ header: borrowing HeaderBytes, _ body: (Range<Int>) -> FieldReading
    ) -> FieldReading {
        guard let size = header.u8(12) else { return .truncated }
        let end = Int(size >> 4) * 4
        var offset = TCPHeader.minimumSize
        while offset < end {
            guard let found = header.u8(offset) else { return .truncated }
            // The end of the list, and padding of one byte.
            if found == 0 { break }
            if found == 1 {
                offset += 1
                continue
            }
            guard offset + 1 < end else { return .malformed }
            guard let length = header.u8(offset + 1) else { return .truncated }
            guard length >= 2, offset + Int(length) <= end else { return .malformed }
            if found == kind { return body(offset..<offset + Int(length)) }
            offset += Int(length)
        }
        return .absent
    }
}
