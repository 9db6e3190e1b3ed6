/// The mount protocol of NFS, versions 1 and 3 (RFC 1094, RFC 1813).
extension PacketProtocol {
    static let mount = program(
        "mount", "Mount", 100005,
        procedures: [
            100: "null", 101: "mnt", 102: "dump", 103: "umnt", 104: "umntall", 105: "export", 300: "null", 301: "mnt",
            302: "dump", 303: "umnt", 304: "umntall", 305: "export",
        ],
        fields: [argument("mount.path", [101, 103, 301, 303], .text) { opaque($0, $1) }])
}
