/// The port mapper (RFC 1833): version 2, and versions 3 and 4, which have texts.
extension PacketProtocol {
    static let portMapper = program(
        "pmap", "Port mapper", 100000,
        procedures: [
            200: "null", 201: "set", 202: "unset", 203: "getport", 204: "dump", 205: "callit", 300: "null", 301: "set",
            302: "unset", 303: "getaddr", 304: "dump", 400: "null", 401: "set", 402: "unset", 403: "getaddr",
            404: "dump",
            409: "getversaddr",
        ],
        fields: [
            argument("pmap.prog", mappings + texts, names: SunRPC.programs) { $0.read(at: $1, count: 4) },
            argument("pmap.vers", mappings + texts) { $0.read(at: $1 + 4, count: 4) },
            argument("pmap.prot", mappings, names: .ipProtocols) { $0.read(at: $1 + 8, count: 4) },
            argument("pmap.port", mappings, .decimal, .more) { $0.read(at: $1 + 12, count: 4) },
            argument("pmap.netid", texts, .text) { opaque($0, $1 + 8) },
            argument("pmap.addr", texts, .text, .more) { opaque(after: 1)($0, $1 + 8) },
        ])

    private static let mappings: [UInt32] = [201, 202, 203]
    private static let texts: [UInt32] = [301, 302, 303, 401, 402, 403, 409]
}
