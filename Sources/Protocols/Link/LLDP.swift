/// LLDP (IEEE 802.1AB): how devices announce themselves to their neighbours.
extension PacketProtocol {
    private static let lldpList = EntryList(.init(typeBits: 7, lengthBits: 9, end: 0)) { 0..<$0.length }

    static let lldp = PacketProtocol(
        "lldp", "LLDP", [.etherType(0x88cc)], base: .walked,
        fields: [
            .entry(
                "lldp.chassis.type", 1, of: lldpList, .decimal, .most, size: 1,
                names: [
                    1: "component", 2: "interface alias", 3: "port component", 4: "MAC", 5: "address",
                    6: "interface name", 7: "local",
                ]),
            .entry("lldp.chassis", 1, of: lldpList, .derived(appendIdentifier(mac: 4, address: 5)), .brief),
            .entry(
                "lldp.port.type", 2, of: lldpList, .decimal, .most, size: 1,
                names: [
                    1: "interface alias", 2: "port component", 3: "MAC", 4: "address", 5: "interface name",
                    6: "circuit", 7: "local",
                ]),
            .entry("lldp.port", 2, of: lldpList, .derived(appendIdentifier(mac: 3, address: 4)), .brief),
            .entry("lldp.ttl", 3, of: lldpList, .decimal, .more, size: 2),
            .entry("lldp.portdesc", 4, of: lldpList, .text, .more),
            .entry("lldp.name", 5, of: lldpList, .text, .brief),
            .entry("lldp.desc", 6, of: lldpList, .text, .more),
            .entry("lldp.caps", 7, of: lldpList, .flags(lldpCapabilities), .more, size: 2),
            .entry("lldp.enabled", 7, of: lldpList, .flags(lldpCapabilities), .more, at: 2, size: 2),
            .entry("lldp.mgmt", 8, of: lldpList, .derived(appendManagement), .more, isList: true),
            .entry("lldp.org", 127, of: lldpList, .hexadecimal, .most, size: 3, isList: true),
            .entry("lldp.org.type", 127, of: lldpList, .decimal, .most, at: 3, size: 1, isList: true),
        ],
        // The first entry is the chassis.
        recognises: { header in header.u8(0).map { $0 >> 1 == 1 } ?? true },
        headerLength: { header in
            var end = 0
            let last = lldpList.walk(header) { _, contents in
                end = contents.upperBound
                return true
            }
            // The end is an entry of its own; without it the frame ends.
            return last == .truncated ? nil : min(end + 2, header.length)
        },
        summary: { header, line in
            _ = lldpList.walk(header) { type, contents in
                if type == 5 { line.append(textOf: contents, as: .text, of: header) }
                return type != 5
            }
        })

    private static let lldpCapabilities: [StaticString] = [
        "other", "repeater", "bridge", "wlan", "router", "telephone", "docsis", "station", "cvlan", "svlan", "tpmr",
        "bit11", "bit12", "bit13", "bit14", "bit15",
    ]

    /// An identifier after the number of its kind.
    private static func appendIdentifier(
        mac: UInt8, address: UInt8
    ) -> @Sendable (Range<Int>, borrowing HeaderBytes, inout TextLine) -> Void {
        { range, header, line in
            guard let kind = header.u8(range.lowerBound) else { return }
            let value = Range(from: range.lowerBound + 1, to: range.upperBound)
            if kind == mac, value.count == 6, let bits = header.number(value.lowerBound, 6) {
                line.append(MACAddress(bits: bits))
            } else if kind == address, value.count > 1 {
                line.append(addressIn: value.dropFirst(), of: header)
            } else {
                line.append(textOf: value, as: .text, of: header)
            }
        }
    }

    /// The length of an address and its family, the address, and the number of an interface.
    @Sendable private static func appendManagement(
        _ range: Range<Int>, _ header: borrowing HeaderBytes, _ line: inout TextLine
    ) {
        guard let length = header.u8(range.lowerBound), length > 1, Int(length) < range.count else { return }
        line.append(addressIn: range.lowerBound + 2..<range.lowerBound + 1 + Int(length), of: header)
    }
}

extension TextLine {
    /// An address of 4, 6 or 16 bytes; digits for all others.
    mutating func append(addressIn range: Range<Int>, of header: borrowing HeaderBytes) {
        switch range.count {
        case 4: header.u32(range.lowerBound).map { append(IPv4Address(bits: $0)) }
        case 6: header.number(range.lowerBound, 6).map { append(MACAddress(bits: $0)) }
        case 16: header.bits(.init(range.lowerBound * 8, 128)).map { append(IPv6Address(bits: $0)) }
        default: for offset in range { appendHex(UInt64(header.u8(offset) ?? 0), digits: 2) }
        }
    }
}
