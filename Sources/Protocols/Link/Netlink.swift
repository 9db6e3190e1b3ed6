/// Captures of netlink (LINKTYPE_NETLINK, devices of kind nlmon): the header of the capture, and messages
/// (include/uapi/linux/netlink.h), whose numbers are in the byte order of the machine: little-endian.
extension PacketProtocol {
    static let netlink = PacketProtocol(
        "netlink", "Netlink", [.link(253)], base: .link,
        fields: [
            ProtocolField(
                "netlink.pkttype", bit: 0, 16, .decimal, .more, names: [4: "to the kernel", 6: "from a user"]),
            ProtocolField("netlink.hatype", bit: 16, 16, .decimal, .all),
            ProtocolField(
                "netlink.family", bit: 112, 16,
                names: [
                    0: "route", 2: "usersock", 4: "sock_diag", 5: "nflog", 6: "xfrm", 7: "selinux", 9: "audit",
                    10: "fib_lookup", 11: "connector", 12: "netfilter", 15: "kobject_uevent", 16: "generic",
                    20: "rdma", 21: "crypto",
                ]),
        ],
        headerLength: { _ in 16 },
        next: { header in header.u16(14) == 15 ? nil : NextHeader(.netlinkMessage) })

    private static let messageFlags: [StaticString] = [
        "request", "multi", "ack", "echo", "interrupted", "filtered", "bit6", "bit7", "root", "match", "atomic",
        "append", "bit12", "bit13", "bit14", "bit15",
    ]

    static let netlinkMessage = PacketProtocol(
        "nlmsg", "Netlink message", [.netlinkMessage], base: .walked,
        fields: [
            .little("nlmsg.len", at: 0, 4, .decimal, .more),
            // Types from 16 on belong to the family.
            .little("nlmsg.type", at: 4, 2, names: [1: "noop", 2: "error", 3: "done", 4: "overrun"]),
            .little("nlmsg.flags", at: 6, 2, .flags(messageFlags)),
            .little("nlmsg.seq", at: 8, 4),
            .little("nlmsg.pid", at: 12, 4, .decimal, .more),
            ProtocolField("nlmsg.error") { header in
                guard let type = header.little(4, 2) else { return header.ending }
                guard type == 2 else { return .absent }
                guard let error = header.little(16, 4) else { return header.ending }
                return .number(UInt128(Int32(truncatingIfNeeded: error).magnitude))
            },
        ],
        recognises: { header in header.little(0, 4).map { $0 >= 16 && $0 <= header.length } ?? true },
        headerLength: { header in header.little(0, 4).map { min((Int($0) + 3) & ~3, header.length) } },
        next: { _ in NextHeader(.netlinkMessage) })
}
