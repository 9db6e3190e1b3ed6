/// DHCPv6 (RFC 8415).
extension PacketProtocol {
    /// Relays (12, 13) have a header of their own.
    private static let options = EntryList(.init(typeBits: 16, lengthBits: 16)) { header in
        guard let type = header.u8(0) else { return nil }
        return Range(from: isRelay(type) ? 34 : 4, to: header.length)
    }

    static let dhcp6 = PacketProtocol(
        "dhcp6", "DHCPv6", [.udpPort(546), .udpPort(547)], base: .walked,
        fields: [
            ProtocolField("dhcp6.msgtype", bit: 0, 8, names: messageTypes),
            ProtocolField("dhcp6.xid", bit: 8, 24, .hexadecimal, .brief, when: .bits(0, 8, are: Array(1...11))),
            ProtocolField("dhcp6.hops", bit: 8, 8, .decimal, .more, when: .bits(0, 8, are: [12, 13])),
            ProtocolField("dhcp6.link", bit: 16, 128, .ipv6, .more, when: .bits(0, 8, are: [12, 13])),
            ProtocolField("dhcp6.peer", bit: 144, 128, .ipv6, .more, when: .bits(0, 8, are: [12, 13])),
            .types("dhcp6.opt", of: options, .most, names: optionTypes),
            .entry("dhcp6.clientid", 1, of: options, .bytes, .more),
            .entry("dhcp6.serverid", 2, of: options, .bytes, .more),
            .entry("dhcp6.iaid", 3, of: options, .hexadecimal, .more, size: 4, isList: true),
            inner("dhcp6.addr", 3, 5, .ipv6, at: 0, 16, .brief),
            inner("dhcp6.preferred", 3, 5, .decimal, at: 16, 4, .more),
            inner("dhcp6.valid", 3, 5, .decimal, at: 20, 4, .more),
            inner("dhcp6.prefixlen", 25, 26, .decimal, at: 8, 1, .brief),
            inner("dhcp6.prefix", 25, 26, .ipv6, at: 9, 16, .brief),
            .entry("dhcp6.request", 6, of: options, .decimal, .most, size: 2, every: 2, names: optionTypes),
            .entry("dhcp6.elapsed", 8, of: options, .decimal, .more, size: 2),
            .entry("dhcp6.status", 13, of: options, .decimal, .more, size: 2, names: statuses),
            .entry("dhcp6.dns", 23, of: options, .ipv6, .more, size: 16, every: 16),
            .entry("dhcp6.domain", 24, of: options, .domainName, .more),
            .entry("dhcp6.fqdn", 39, of: options, .domainName, .more, at: 1),
        ],
        // A type, and options that fill the message.
        recognises: { header in
            guard let type = header.u8(0), 1...13 ~= type, header.length >= (isRelay(type) ? 38 : 8) else {
                return false
            }
            var last = 0
            let end = options.walk(header) { _, contents in
                last = contents.upperBound
                return true
            }
            return end == .truncated || end == .absent && last == header.length
        },
        headerLength: { $0.length },
        summary: { header, line in
            if let type = header.u8(0), let name = messageTypes[UInt64(type)] { line.append(name) }
        })

    private static func isRelay(_ type: UInt8) -> Bool { type == 12 || type == 13 }

    /// A part of an option inside an association, whose own options begin after 12 bytes.
    private static func inner(
        _ name: String, _ association: UInt64, _ type: UInt64, _ notation: ProtocolField.Notation, at offset: Int,
        _ size: Int, _ detail: ProtocolField.Detail
    ) -> ProtocolField {
        ProtocolField(name, notation, detail) { header, values in
            let end = options.walk(header) { found, contents in
                guard found == association else { return true }
                let place = Range(from: contents.lowerBound + 12, to: contents.upperBound)
                var goesOn = true
                let end = EntryList(options.form) { _ in place }.walk(header) { found, contents in
                    guard found == type else { return true }
                    let start = contents.lowerBound + offset
                    goesOn = values.append(
                        start + size <= contents.upperBound ? header.read(at: start, count: size) : .malformed)
                    return goesOn
                }
                return values.append(end) && goesOn
            }
            values.append(end)
        }
    }

    private static let messageTypes: ValueNames = [
        1: "solicit", 2: "advertise", 3: "request", 4: "confirm", 5: "renew", 6: "rebind", 7: "reply", 8: "release",
        9: "decline", 10: "reconfigure", 11: "information request", 12: "relay forward", 13: "relay reply",
    ]

    private static let optionTypes: ValueNames = [
        1: "client", 2: "server", 3: "addresses", 4: "temporary addresses", 5: "address", 6: "requests",
        7: "preference",
        8: "elapsed time", 9: "relayed message", 13: "status", 14: "rapid commit", 16: "vendor class", 18: "interface",
        23: "DNS servers", 24: "domains", 25: "prefixes", 26: "prefix", 39: "name", 56: "NTP servers",
    ]

    private static let statuses: ValueNames = [
        0: "success", 1: "failure", 2: "no addresses", 3: "no binding", 4: "not on link", 5: "use multicast",
        6: "no prefixes",
    ]
}
