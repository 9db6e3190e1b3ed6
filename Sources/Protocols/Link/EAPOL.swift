/// EAP over local networks (IEEE 802.1X) and EAP (RFC 3748).
extension PacketProtocol {
    private static let isEAP = ProtocolField.Condition.bits(8, 8, are: [0])
    private static let isKey = ProtocolField.Condition.bits(8, 8, are: [3])

    static let eapol = PacketProtocol(
        "eapol", "EAPOL", [.etherType(0x888e)], base: .walked,
        fields: [
            ProtocolField("eapol.ver", bit: 0, 8, .decimal, .most),
            ProtocolField(
                "eapol.type", bit: 8, 8, names: [0: "EAP", 1: "start", 2: "logoff", 3: "key", 4: "alert", 5: "MKA"]),
            ProtocolField("eapol.len", bit: 16, 16, .decimal, .more),
            ProtocolField(
                "eapol.eap.code", bit: 32, 8, when: isEAP,
                names: [1: "request", 2: "response", 3: "success", 4: "failure"]),
            ProtocolField("eapol.eap.id", bit: 40, 8, .decimal, .more, when: isEAP),
            ProtocolField("eapol.eap.len", bit: 48, 16, .decimal, .most, when: isEAP),
            ProtocolField("eapol.eap.type", when: isEAP, names: eapTypes) { header in
                // Success and failure have no type.
                guard let length = header.u16(6) else { return header.ending }
                return length > 4 ? header.read(at: 8, count: 1) : .absent
            },
            ProtocolField("eapol.eap.identity", .text, .more, when: isEAP) { header in
                guard let length = header.u16(6) else { return header.ending }
                guard length > 5 else { return .absent }
                guard let type = header.u8(8) else { return header.ending }
                guard type == 1 else { return .absent }
                return 4 + Int(length) <= header.length ? header.run(9..<4 + Int(length)) : .malformed
            },
            ProtocolField("eapol.key.type", bit: 32, 8, .decimal, .more, when: isKey, names: [2: "RSN", 254: "WPA"]),
            ProtocolField("eapol.key.info", bit: 40, 16, .hexadecimal, .more, when: isKey),
            ProtocolField("eapol.key.len", bit: 56, 16, .decimal, .most, when: isKey),
            ProtocolField("eapol.key.replay", bit: 72, 64, .decimal, .more, when: isKey),
            .bytes("eapol.key.nonce", at: 17, 32, .bytes, .most, when: isKey),
        ],
        recognises: { header in header.u8(0).map { (1...3).contains($0) } ?? true },
        headerLength: { header in header.u16(2).map { min(4 + Int($0), header.length) } },
        summary: { header, line in
            guard let type = header.u8(1) else { return }
            switch (type, header.u8(4)) {
            case (0, 1): line.append("EAP request")
            case (0, 2): line.append("EAP response")
            case (0, 3): line.append("EAP success")
            case (0, 4): line.append("EAP failure")
            case (1, _): line.append("start")
            case (2, _): line.append("logoff")
            case (3, _): line.append("key")
            default: break
            }
        })

    private static let eapTypes: ValueNames = [
        1: "identity", 2: "notification", 3: "nak", 4: "MD5", 6: "token card", 13: "TLS", 18: "SIM", 21: "TTLS",
        23: "AKA",
        25: "PEAP", 26: "MSCHAPv2", 43: "FAST", 50: "AKA'", 52: "PWD", 254: "expanded",
    ]
}
