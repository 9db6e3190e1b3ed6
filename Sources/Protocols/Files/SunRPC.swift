/// Programs of Sun RPC by number.
enum SunRPC {
    /// Programs of /etc/rpc that are still met.
    static let programs: ValueNames = [
        100000: "portmapper", 100003: "nfs", 100005: "mountd", 100021: "nlockmgr", 100024: "status",
        100227: "nfs_acl",
    ]
}

/// Sun RPC, version 2 (RFC 5531), over UDP, and over TCP in records.
extension PacketProtocol {
    /// Ports of the port mapper and of NFS.
    private static let ports: [UInt16] = [111, 2049]

    /// The mark before a record in a TCP stream (RFC 5531, section 11), if a message begins right after it.
    static let recordMark = PacketProtocol(
        "rpcmark", "RPC record", ports.map { .tcpPort($0) }, base: .walked,
        fields: [
            ProtocolField("rpcmark.last", bit: 0, 1, .flag, .more),
            ProtocolField("rpcmark.len", bit: 1, 31, .decimal, .more),
        ],
        recognises: { header in isMessage(header, at: 4) },
        headerLength: { _ in 4 },
        next: { header in
            header.u32(0).map { NextHeader(.udpPort(ports[0]), length: Int($0 & 0x7fff_ffff)) }
        },
        // The bytes that follow a call of a large write are not decoded.
        messageLength: { header in header.u32(0).map { min(4 + Int($0 & 0x7fff_ffff), 4096) } })

    static let sunrpc = PacketProtocol(
        "sunrpc", "Sun RPC", ports.map { .udpPort($0) }, base: .walked,
        fields: [
            ProtocolField("sunrpc.xid", bit: 0, 32, .hexadecimal),
            ProtocolField(
                "sunrpc.mtype", bit: 32, 32, names: ValueNames { $0 == 0 ? "call" : $0 == 1 ? "reply" : nil }),
            ProtocolField("sunrpc.rpcvers", bit: 64, 32, .decimal, .all, when: isCall),
            ProtocolField("sunrpc.prog", bit: 96, 32, when: isCall, names: SunRPC.programs),
            ProtocolField("sunrpc.vers", bit: 128, 32, when: isCall),
            ProtocolField("sunrpc.proc", bit: 160, 32, when: isCall),
            ProtocolField("sunrpc.stat", bit: 64, 32, when: isReply, names: [0: "accepted", 1: "denied"]),
            authentication("sunrpc.cred.flavor", at: 24, of: isCall),
        ],
        recognises: { header in isMessage(header, at: 0) },
        headerLength: messageLength,
        next: { header in
            guard header.u32(4) == 0, let program = header.u32(12) else { return nil }
            return NextHeader(.rpcProgram(program))
        },
        summary: { header, line in
            guard let type = header.u32(4) else { return }
            line.append(type == 0 ? "call" : "reply")
            guard type == 0, let program = header.u32(12), let procedure = header.u32(20) else { return }
            line.append(" ")
            if let name = SunRPC.programs[UInt64(program)] { line.append(name) } else { line.appendDecimal(program) }
            guard ProtocolTable.find(.rpcProgram(program)) == nil else { return }
            line.append(" procedure ")
            line.appendDecimal(procedure)
        })

    private static let isCall = ProtocolField.Condition.bits(32, 32, are: [0])
    private static let isReply = ProtocolField.Condition.bits(32, 32, are: [1])

    /// A call of version 2, or a reply that is accepted or denied.
    private static func isMessage(_ header: borrowing HeaderBytes, at start: Int) -> Bool {
        guard let type = header.u32(start + 4), let third = header.u32(start + 8), let next = header.u32(start + 12)
        else {
            return false
        }
        if type == 0 { return third == 2 }
        // A reply goes on with a verifier of a known flavor, or with one of two reasons.
        guard type == 1, third == 0 else { return type == 1 && third == 1 && next <= 1 }
        return (next <= 6 || next >> 8 == 390_000 >> 8) && header.u32(start + 16).map { $0 <= 400 } ?? false
    }

    private static func authentication(
        _ name: String, at offset: Int, of condition: ProtocolField.Condition
    ) -> ProtocolField {
        ProtocolField(name, bit: offset * 8, 32, .decimal, .more, when: condition)
    }

    /// Up to the end of the verifier, in an accepted reply up to its status. A program that is decoded begins with its
    /// version (RPCCall).
    @Sendable private static func messageLength(_ header: borrowing HeaderBytes) -> Int? {
        guard let type = header.u32(4) else { return nil }
        if type == 0, let program = header.u32(12), ProtocolTable.find(.rpcProgram(program)) != nil { return 16 }
        if type == 0 { return opaqueEnd(header, opaqueEnd(header, 24)) }
        guard let status = header.u32(8) else { return nil }
        return status == 0 ? opaqueEnd(header, 12).map { $0 + 4 } : 12
    }

    /// The end of a flavor and its body (opaque_auth), which has at most 400 bytes.
    private static func opaqueEnd(_ header: borrowing HeaderBytes, _ start: Int?) -> Int? {
        guard let start, let length = header.u32(start + 4), length <= 400 else { return nil }
        return start + 8 + (Int(length) + 3) / 4 * 4
    }
}
