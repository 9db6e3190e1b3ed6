extension PacketProtocol {
    /// Neighbour and multicast listener discovery (RFC 4861, RFC 2710): messages with an address.
    private static let targets: [UInt64] = [135, 136, 137]
    private static let groups: [UInt64] = [130, 131, 132]

    static let icmpv6 = PacketProtocol(
        "icmp6", "ICMPv6", [.ipProtocol(IPProtocol.icmpv6)], base: .transport,
        fields: [
            ProtocolField("icmp6.type", bit: 0, 8, names: ValueNames(ICMPHeader.typeWordsOfV6)),
            ProtocolField("icmp6.code", bit: 8, 8),
            ProtocolField("icmp6.sum", bit: 16, 16, .hexadecimal, .all),
            ProtocolField("icmp6.id", bit: 32, 16, when: .bits(0, 8, are: [128, 129])),
            ProtocolField("icmp6.seq", bit: 48, 16, when: .bits(0, 8, are: [128, 129])),
            ProtocolField("icmp6.ext.id", bit: 32, 16, when: .bits(0, 8, are: [160, 161])),
            ProtocolField("icmp6.ext.seq", bit: 48, 8, when: .bits(0, 8, are: [160, 161])),
            ProtocolField("icmp6.mtu", bit: 32, 32, when: .bits(0, 8, are: [2])),
            ProtocolField("icmp6.pointer", bit: 32, 32, when: .bits(0, 8, are: [4])),
            ProtocolField("icmp6.target", bit: 64, 128, .ipv6, when: .bits(0, 8, are: targets)),
            ProtocolField("icmp6.group", bit: 64, 128, .ipv6, when: .bits(0, 8, are: groups)),
        ] + discoveryFields + listenerFields,
        headerLength: { header in
            guard let type = header.u8(0) else { return nil }
            // Options or records follow up to the end of the packet.
            return type == 130 || 133...137 ~= type || type == 143
                ? max(ICMPHeader.errorHeaderSize, header.length)
                : groups.contains(UInt64(type)) ? 24 : ICMPHeader.errorHeaderSize
        },
        next: { header in
            guard let type = header.u8(0), ICMPHeader(isV6: true, type: type, code: 0).quotesOriginal else {
                return nil
            }
            return NextHeader(.etherType(EtherType.ipv6), isQuote: true)
        },
        summary: { header, line in
            guard let type = header.u8(0), let code = header.u8(1),
                let words = ICMPHeader(isV6: true, type: type, code: code).words
            else { return }
            line.append(words)
        })
}
