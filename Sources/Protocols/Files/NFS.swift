/// Calls of NFS, versions 2 to 4 (RFC 1094, RFC 1813, RFC 7530). Replies name no program, so they end with the header of
/// Sun RPC.
extension PacketProtocol {
    static let nfs = program(
        "nfs", "NFS", 100003, procedures: nfsProcedures,
        fields: [
            argument("nfs.fh", withHandle, .bytes, .more) { opaque($0, $1) },
            // Version 2 has handles of 32 bytes.
            argument("nfs.fh2", withHandle2, .bytes, .more) { $0.run($1..<$1 + 32) },
            argument("nfs.name", [303, 308, 309, 310, 311, 312, 313, 314], .text, .brief, opaque(after: 1)),
            argument("nfs.name2", [204, 209, 210, 211, 214, 215], .text) { opaque($0, $1 + 32) },
            argument("nfs.access", [304], .hexadecimal, .more, number(after: 1, size: 4)),
            argument("nfs.off", [306, 307, 321], .decimal, .brief, number(after: 1, size: 8)),
            argument("nfs.count", [306, 307, 321], .decimal, .brief, number(after: 1, skipping: 2, size: 4)),
            argument(
                "nfs.stable", [307], .decimal, .more, names: [0: "unstable", 1: "data sync", 2: "file sync"],
                number(after: 1, skipping: 3, size: 4)),
            argument("nfs.tag", [401], .text, .more) { opaque($0, $1) },
            argument("nfs.minor", [401], .decimal, .brief, number(after: 1, size: 4)),
            argument("nfs.nops", [401], .decimal, .brief, number(after: 1, skipping: 1, size: 4)),
            // Only the first operation has a known place: the others follow arguments of all kinds.
            argument("nfs.op", [401], .decimal, .brief, names: operations, number(after: 1, skipping: 2, size: 4)),
        ])

    private static let withHandle: [UInt32] = Array(301...321)
    private static let withHandle2: [UInt32] = [201, 202, 204, 205, 206, 208, 209, 210, 211, 213, 214, 215, 216, 217]

    private static let nfsProcedures: ValueNames = [
        200: "null", 201: "getattr", 202: "setattr", 204: "lookup", 205: "readlink", 206: "read", 208: "write",
        209: "create", 210: "remove", 211: "rename", 212: "link", 213: "symlink", 214: "mkdir", 215: "rmdir",
        216: "readdir", 217: "statfs", 300: "null", 301: "getattr", 302: "setattr", 303: "lookup", 304: "access",
        305: "readlink", 306: "read", 307: "write", 308: "create", 309: "mkdir", 310: "symlink", 311: "mknod",
        312: "remove", 313: "rmdir", 314: "rename", 315: "link", 316: "readdir", 317: "readdirplus", 318: "fsstat",
        319: "fsinfo", 320: "pathconf", 321: "commit", 400: "null", 401: "compound",
    ]

    private static let operations: ValueNames = [
        3: "access", 4: "close", 5: "commit", 6: "create", 9: "getattr", 10: "getfh", 15: "lookup", 18: "open",
        22: "putfh", 24: "putrootfh", 25: "read", 26: "readdir", 30: "renew", 35: "setclientid",
        36: "setclientid confirm", 38: "write", 41: "bind connection", 42: "exchange id", 43: "create session",
        44: "destroy session", 53: "sequence", 57: "destroy client id", 58: "reclaim complete",
    ]
}
