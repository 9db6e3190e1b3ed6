/// The network lock manager of NFS (X/Open XNFS), version 4: with lengths of 64 bits.
extension PacketProtocol {
    static let nlm = program(
        "nlm", "NLM", 100021,
        procedures: [
            400: "null", 401: "test", 402: "lock", 403: "cancel", 404: "unlock", 405: "granted", 406: "test msg",
            407: "lock msg", 408: "cancel msg", 409: "unlock msg", 410: "granted msg", 420: "share", 421: "unshare",
            422: "nm lock", 423: "free all",
        ],
        fields: [
            argument("nlm.cookie", [401, 402, 403, 404, 405], .bytes, .more) { opaque($0, $1) },
            // A lock may wait, and is exclusive or not.
            argument("nlm.block", [402, 403], .flag, .more, number(after: 1, size: 4)),
            argument("nlm.exclusive", [402, 403], .flag, .brief, number(after: 1, skipping: 1, size: 4)),
            argument("nlm.exclusive.test", [401, 405], .flag, .brief, number(after: 1, size: 4)),
            lock("nlm.caller", .text) { opaque($0, $1) },
            lock("nlm.fh", .bytes) { opaque(after: 1)($0, $1) },
            lock("nlm.owner", .bytes) { opaque(after: 2)($0, $1) },
            lock("nlm.svid", .decimal) { number(after: 3, size: 4)($0, $1) },
            lock("nlm.off", .decimal) { number(after: 3, skipping: 1, size: 8)($0, $1) },
            lock("nlm.len", .decimal) { number(after: 3, skipping: 3, size: 8)($0, $1) },
        ])

    /// A part of the lock, which follows the cookie and up to two flags.
    private static func lock(
        _ name: String, _ notation: ProtocolField.Notation,
        _ read: @escaping @Sendable (borrowing HeaderBytes, Int) -> FieldReading
    ) -> ProtocolField {
        argument(name, [401, 402, 403, 404, 405], notation, .more) { header, start in
            guard let cookie = header.opaque(at: start), let procedure = header.u32(4) else { return header.ending }
            let flags = procedure == 4 ? 0 : procedure == 2 || procedure == 3 ? 2 : 1
            return read(header, cookie.next + 4 * flags)
        }
    }
}
