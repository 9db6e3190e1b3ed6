/// Calls of NFS, versions 2 to 4 (RFC 1094, RFC 1813, RFC 7530): the procedure, which the header of Sun RPC has, by its
/// name, and the file that it begins with. Replies name no program, so they end with the header of Sun RPC.
extension PacketProtocol {
    static let nfs = PacketProtocol(
        "nfs", "NFS", [.rpcProgram(100003)], base: .walked,
        fields: [
            ProtocolField("nfs.fh", .bytes, .more) { header in
                // Version 3 precedes the handle by its length, at most 64 bytes; other messages begin otherwise.
                guard let length = header.u32(0) else { return header.length < 4 ? .absent : .truncated }
                guard length > 0, length <= 64, length % 4 == 0, 4 + Int(length) <= header.length else {
                    return .absent
                }
                return header.run(4..<4 + Int(length))
            }
        ],
        headerLength: { header in
            guard let length = header.u32(0) else { return header.length < 4 ? header.length : nil }
            return length > 0 && length <= 64 && length % 4 == 0 && 4 + Int(length) <= header.length
                ? 4 + Int(length) : header.length
        })
}
