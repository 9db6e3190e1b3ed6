/// The request that begins a transfer by TFTP (RFC 1350). The messages after it are between ports of their own.
extension PacketProtocol {
    static let tftp = PacketProtocol(
        "tftp", "TFTP", [.udpDestination(69)], base: .walked,
        fields: [
            ProtocolField("tftp.op", bit: 0, 16, names: ValueNames { $0 == 1 ? "read" : $0 == 2 ? "write" : nil }),
            ProtocolField("tftp.file", .text) { header in text(header, from: 2) },
            ProtocolField("tftp.mode", .text, .more) { header in
                let name = text(header, from: 2)
                guard case .bytes(let file) = name else { return name }
                return text(header, from: file.upperBound + 1)
            },
        ],
        // A file and one of the modes.
        recognises: { header in
            guard header.u16(0) == 1 || header.u16(0) == 2, case .bytes(let file) = text(header, from: 2),
                !file.isEmpty,
                header.isText(file)
            else { return false }
            let mode = file.upperBound + 1
            return header.begins(at: mode, with: "netascii\0") || header.begins(at: mode, with: "octet\0")
                || header.begins(at: mode, with: "mail\0")
        },
        headerLength: { header in header.length },
        summary: { header, line in
            guard let operation = header.u16(0), case .bytes(let file) = text(header, from: 2) else { return }
            line.append(operation == 1 ? "read " : "write ")
            line.append(textOf: file, as: .text, of: header)
        })

    /// The bytes up to a NUL.
    private static func text(_ header: borrowing HeaderBytes, from start: Int) -> FieldReading {
        for offset in start..<max(start, header.capturedCount) where header.u8(offset) == 0 {
            return .bytes(start..<offset)
        }
        return header.capturedCount < header.length ? .truncated : .malformed
    }
}
