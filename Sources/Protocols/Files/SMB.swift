/// SMB 2 and 3 over TCP ([MS-SMB2]). The lowest byte of numbers comes first.
extension PacketProtocol {
    /// The length before a message in a TCP stream.
    static let smbMark = PacketProtocol(
        "smbmark", "SMB length", [.tcpPort(445)], base: .walked,
        fields: [ProtocolField("smbmark.len", bit: 8, 24, .decimal, .more)],
        recognises: { header in
            guard let length = header.u32(0), let magic = header.u32(4) else { return false }
            return length >> 24 == 0 && length >= 4 && (0xfc53_4d42...0xfe53_4d42 ~= magic || magic == 0xff53_4d42)
        },
        headerLength: { _ in 4 },
        next: { header in header.u32(0).map { NextHeader(.smbMessage, length: Int($0)) } },
        // The data of a large read are not decoded.
        messageLength: { header in header.u32(0).map { min(4 + Int($0), 4096) } })

    static let smb2 = PacketProtocol(
        "smb2", "SMB2", [.smbMessage], base: .walked,
        fields: [
            .little("smb2.creditcharge", at: 6, 2, .decimal, .most),
            // A status in responses; in requests a channel of SMB 3.
            .little("smb2.status", at: 8, 4, .hexadecimal, .brief, names: statuses),
            .little("smb2.cmd", at: 12, 2, names: commands),
            .little("smb2.credits", at: 14, 2, .decimal, .most),
            ProtocolField("smb2.response", .flag) { flag($0, 0) },
            ProtocolField("smb2.async", .flag, .more) { flag($0, 1) },
            ProtocolField("smb2.signed", .flag, .more) { flag($0, 3) },
            .little("smb2.next", at: 20, 4, .decimal, .most),
            .little("smb2.msgid", at: 24, 8),
            ProtocolField("smb2.pid", .hexadecimal, .more) { header in
                guard let flags = header.little(16, 4) else { return header.ending }
                return flags & 2 != 0
                    ? .absent : header.little(32, 4).map { .number(UInt128($0)) } ?? header.ending
            },
            ProtocolField("smb2.tid", .hexadecimal, .brief) { header in
                guard let flags = header.little(16, 4) else { return header.ending }
                return flags & 2 != 0
                    ? .absent : header.little(36, 4).map { .number(UInt128($0)) } ?? header.ending
            },
            .little("smb2.sesid", at: 40, 8, .hexadecimal, .brief),
        ],
        // Encrypted and compressed messages begin with other letters, as does version 1.
        recognises: { header in header.u32(0) == 0xfe53_4d42 && header.little(4, 2) == 64 },
        // Messages follow each other in a compound.
        headerLength: { header in
            header.little(20, 4).map { $0 == 0 ? 64 : Int($0) }.map { max(64, min($0, header.length)) }
        },
        next: { header in header.little(20, 4) == 0 ? nil : NextHeader(.smbMessage) },
        summary: { header, line in
            guard let command = header.little(12, 2), let name = commands[command] else { return }
            line.append(name)
            if header.little(16, 4).map({ $0 & 1 == 1 }) == true { line.append(" response") }
        })

    private static func flag(_ header: borrowing HeaderBytes, _ bit: UInt64) -> FieldReading {
        header.little(16, 4).map { .number(UInt128($0 >> bit & 1)) } ?? header.ending
    }

    private static let commands: ValueNames = [
        0: "negotiate", 1: "session setup", 2: "logoff", 3: "tree connect", 4: "tree disconnect", 5: "create",
        6: "close", 7: "flush", 8: "read", 9: "write", 10: "lock", 11: "ioctl", 12: "cancel", 13: "echo",
        14: "query directory", 15: "change notify", 16: "query info", 17: "set info", 18: "break",
    ]

    private static let statuses: ValueNames = [
        0: "success", 0x103: "pending", 0x8000_0005: "buffer overflow", 0x8000_0006: "no more files",
        0xc000_000d: "invalid parameter", 0xc000_0016: "more processing required", 0xc000_0022: "access denied",
        0xc000_0034: "name not found", 0xc000_003a: "path not found", 0xc000_006d: "logon failure",
        0xc000_00ba: "is a directory", 0xc000_0203: "session deleted",
    ]
}
