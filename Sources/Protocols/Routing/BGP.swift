/// BGP (RFC 4271): messages one after the other in a TCP stream.
extension PacketProtocol {
    private static let isOpen = ProtocolField.Condition.bits(144, 8, are: [1])
    private static let isUpdate = ProtocolField.Condition.bits(144, 8, are: [2])
    private static let isNotification = ProtocolField.Condition.bits(144, 8, are: [3])

    static let bgp = PacketProtocol(
        "bgp", "BGP", [.tcpPort(179)], base: .walked,
        fields: [
            ProtocolField("bgp.len", bit: 128, 16, .decimal, .more),
            ProtocolField("bgp.type", bit: 144, 8, names: bgpTypes),
            ProtocolField("bgp.open.ver", bit: 152, 8, .decimal, .most, when: isOpen),
            ProtocolField("bgp.open.as", bit: 160, 16, when: isOpen),
            ProtocolField("bgp.open.hold", bit: 176, 16, .decimal, .more, when: isOpen),
            ProtocolField("bgp.open.id", bit: 192, 32, .ipv4, when: isOpen),
            ProtocolField("bgp.open.optlen", bit: 224, 8, .decimal, .most, when: isOpen),
            ProtocolField("bgp.withdrawn", .derived(appendPrefix), .brief, when: isUpdate) { header, values in
                guard let size = header.u16(19) else { return _ = values.append(header.ending) }
                values.append(prefixes: header, 21..<21 + Int(size))
            },
            attribute("bgp.attr.origin", 1, size: 1, names: [0: "IGP", 1: "EGP", 2: "incomplete"]),
            .first("bgp.attr.aspath", .derived(appendPath), .brief, when: isUpdate) { header, values in
                values.append(attribute: 2, header) { header.run($0) }
            },
            attribute("bgp.attr.nexthop", 3, .ipv4, size: 4),
            attribute("bgp.attr.med", 4, size: 4),
            attribute("bgp.attr.localpref", 5, size: 4),
            ProtocolField("bgp.nlri", .derived(appendPrefix), .brief, when: isUpdate) { header, values in
                guard let length = header.u16(16), let range = attributes(header) else {
                    return _ = values.append(header.ending)
                }
                values.append(prefixes: header, Range(from: range.upperBound, to: Int(length)))
            },
            ProtocolField("bgp.error.code", bit: 152, 8, .decimal, when: isNotification, names: bgpErrors),
            ProtocolField("bgp.error.subcode", bit: 160, 8, .decimal, when: isNotification),
        ],
        recognises: { header in
            guard header.bits(.init(0, 128)) == UInt128.max, let length = header.u16(16), let type = header.u8(18)
            else {
                return false
            }
            return 19...4096 ~= length && 1...5 ~= type
        },
        headerLength: { header in header.u16(16).map { min(Int($0), header.length) } },
        next: { _ in NextHeader(.tcpPort(179)) },
        summary: { header, line in
            if let type = header.u8(18), let name = bgpTypes[UInt64(type)] { line.append(name) }
        })

    private static let bgpTypes: ValueNames = [
        1: "open", 2: "update", 3: "notification", 4: "keepalive", 5: "route refresh",
    ]

    private static let bgpErrors: ValueNames = [
        1: "message header", 2: "open", 3: "update", 4: "hold timer expired", 5: "state machine", 6: "cease",
    ]

    /// The bytes of the path attributes of an update.
    fileprivate static func attributes(_ header: borrowing HeaderBytes) -> Range<Int>? {
        guard let withdrawn = header.u16(19), let size = header.u16(21 + Int(withdrawn)) else { return nil }
        return 23 + Int(withdrawn)..<23 + Int(withdrawn) + Int(size)
    }

    private static func attribute(
        _ name: String, _ code: UInt8, _ notation: ProtocolField.Notation = .decimal, size: Int,
        names: ValueNames? = nil
    ) -> ProtocolField {
        .first(name, notation, .more, when: isUpdate, names: names) { header, values in
            values.append(attribute: code, header) { range in
                range.count == size ? header.read(at: range.lowerBound, count: size) : .malformed
            }
        }
    }

    /// `10.1.0.0/16`: a length in bits and as many bytes as it needs.
    @Sendable fileprivate static func appendPrefix(
        _ range: Range<Int>, _ header: borrowing HeaderBytes, _ line: inout TextLine
    ) {
        guard let length = header.u8(range.lowerBound) else { return }
        let bits = (range.lowerBound + 1..<range.upperBound).reduce(UInt32(0)) { $0 << 8 | UInt32(header.u8($1) ?? 0) }
        line.append(IPv4Address(bits: bits << UInt32(8 * max(0, 5 - range.count))))
        line.append("/")
        line.appendDecimal(length)
    }

    /// Segments of a type, a count, and numbers of two or four bytes: the size of the segment shows which.
    @Sendable private static func appendPath(
        _ range: Range<Int>, _ header: borrowing HeaderBytes, _ line: inout TextLine
    ) {
        var count = 0
        var size = 4
        var offset = range.lowerBound
        while offset + 2 <= range.upperBound, let number = header.u8(offset + 1) {
            offset += 2 + Int(number) * 4
            count += 1
        }
        if offset != range.upperBound { size = 2 }
        offset = range.lowerBound
        var isFirst = true
        while offset + 2 <= range.upperBound, let type = header.u8(offset), let number = header.u8(offset + 1) {
            for index in 0..<Int(number) where offset + 2 + (index + 1) * size <= range.upperBound {
                if !isFirst { line.append(" ") }
                isFirst = false
                // A set has braces.
                if type == 1, index == 0 { line.append("{") }
                line.appendDecimal(header.number(offset + 2 + index * size, size) ?? 0)
                if type == 1, index == Int(number) - 1 { line.append("}") }
            }
            offset += 2 + Int(number) * size
        }
    }
}

extension FieldValues {
    fileprivate mutating func append(prefixes header: borrowing HeaderBytes, _ range: Range<Int>) {
        var offset = range.lowerBound
        while offset < range.upperBound {
            guard let length = header.u8(offset) else { return _ = append(header.ending) }
            let end = offset + 1 + (Int(length) + 7) / 8
            guard length <= 32, end <= range.upperBound else { return _ = append(.malformed) }
            guard append(header.run(offset..<end)) else { return }
            offset = end
        }
    }

    /// Attributes: flags, a code, and a length of one or two bytes.
    fileprivate mutating func append(
        attribute code: UInt8, _ header: borrowing HeaderBytes, _ read: (Range<Int>) -> FieldReading
    ) {
        guard let range = PacketProtocol.attributes(header) else { return _ = append(header.ending) }
        var offset = range.lowerBound
        while offset < range.upperBound {
            guard let flags = header.u8(offset), let found = header.u8(offset + 1),
                let length = header.number(offset + 2, flags & 0x10 != 0 ? 2 : 1)
            else { return _ = append(header.ending) }
            let start = offset + (flags & 0x10 != 0 ? 4 : 3)
            let end = start + Int(length)
            guard end <= range.upperBound else { return _ = append(.malformed) }
            if found == code { return _ = append(read(start..<end)) }
            offset = end
        }
    }
}
