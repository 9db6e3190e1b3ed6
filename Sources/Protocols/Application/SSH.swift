/// SSH (RFC 4253): the line that each side begins with, and the lists of algorithms. All else is encrypted.
extension PacketProtocol {
    static let ssh = PacketProtocol(
        "ssh", "SSH", [.tcpPort(22), .tcpPort(2222)], base: .walked,
        fields: [
            ProtocolField("ssh.banner", .text) { header in
                guard isBanner(header) else { return .absent }
                return header.line(from: 0).map { .bytes(0..<$0.end) } ?? header.ending
            },
            ProtocolField("ssh.len", .decimal, .more) { isBanner($0) ? .absent : $0.read(at: 0, count: 4) },
            ProtocolField("ssh.message", names: [20: "kexinit"]) { isBanner($0) ? .absent : $0.read(at: 5, count: 1) },
            algorithms("ssh.kex", 0, .brief), algorithms("ssh.hostkey", 1), algorithms("ssh.cipher.client", 2),
            algorithms("ssh.cipher.server", 3), algorithms("ssh.mac.client", 4), algorithms("ssh.mac.server", 5),
            algorithms("ssh.compression.client", 6, .most), algorithms("ssh.compression.server", 7, .most),
        ],
        recognises: { header in
            if isBanner(header) { return true }
            // A packet with the first message of a key exchange: its length, its padding, its number, a cookie, a list.
            guard let length = header.u32(0), 32...35000 ~= length, let padding = header.u8(4), 4...64 ~= padding,
                header.u8(5) == 20, let list = header.u32(22), 4...4096 ~= list
            else { return false }
            return header.isText(Range(from: 26, to: min(header.capturedCount, 26 + Int(list))))
        },
        headerLength: { header in
            if isBanner(header) {
                return header.line(from: 0)?.next ?? (header.capturedCount < header.length ? nil : header.length)
            }
            return header.u32(0).map { min(4 + Int($0), header.length) }
        },
        next: { _ in NextHeader(.tcpPort(22)) },
        summary: { header, line in
            guard isBanner(header) else { return line.append("kexinit") }
            if let end = header.line(from: 0)?.end, end < 200 { line.append(textOf: 0..<end, as: .text, of: header) }
        })

    private static func isBanner(_ header: borrowing HeaderBytes) -> Bool { header.begins(at: 0, with: "SSH-") }

    /// One of the lists of names, which follow each other after the cookie.
    private static func algorithms(
        _ name: String, _ index: Int, _ detail: ProtocolField.Detail = .more
    ) -> ProtocolField {
        ProtocolField(name, .text, detail) { header in
            if isBanner(header) { return .absent }
            var offset = 22
            for _ in 0..<index {
                guard let length = header.u32(offset) else { return header.ending }
                offset += 4 + Int(length)
            }
            guard let length = header.u32(offset) else { return header.ending }
            return offset + 4 + Int(length) <= header.length
                ? header.run(offset + 4..<offset + 4 + Int(length)) : .malformed
        }
    }
}
