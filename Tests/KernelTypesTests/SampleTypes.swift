import KernelTypes

/// A few types, written as BTF and read back:
///
///     struct net_device { int ifindex; unsigned int mtu; char name[16]; };
///     struct sk_buff { union { struct { struct sk_buff *next; }; long unsigned int pad; };
///                      struct net_device *dev; unsigned char cloned:1, nohdr:2; u16 cb[4]; };
///     enum skb_drop_reason { SKB_NOT_DROPPED_YET = 0, SKB_DROP_REASON_NO_SOCKET = 3 };
///     enum verdict { BAD = -1, GOOD = 1 };
///     int ip_rcv(struct sk_buff *skb, const struct net_device *dev, ...);
///     typedef void (*btf_trace_kfree_skb)(void *__data, struct sk_buff *skb, enum skb_drop_reason reason);
struct SampleTypes {
    let types: TypeTable
    let skb: TypeID
    let device: TypeID

    init() throws {
        var builder = TypeBuilder()
        let int = builder.addInteger("int", bytes: 4, isSigned: true)
        let unsigned = builder.addInteger("unsigned int", bytes: 4)
        let char = builder.addInteger("char", bytes: 1)
        let byte = builder.addInteger("unsigned char", bytes: 1)
        let long = builder.addInteger("long unsigned int", bytes: 8)
        let short = builder.addInteger("short unsigned int", bytes: 2)
        let u16 = builder.add(.typedef, "u16", of: short)
        let name = builder.addArray(of: char, index: int, count: 16)
        device = builder.addStructure(
            "net_device", bytes: 24,
            [
                .init("ifindex", int, bitOffset: 0), .init("mtu", unsigned, bitOffset: 32),
                .init("name", name, bitOffset: 64),
            ])
        let control = builder.addArray(of: u16, index: int, count: 4)
        let toDevice = builder.addPointer(to: device)
        // Numbers are given in order, so a struct that refers to itself is known before it is added.
        let toSkb = builder.addPointer(to: TypeID(builder.next.number + 3))
        let inner = builder.addStructure("", bytes: 8, [.init("next", toSkb, bitOffset: 0)])
        let outer = builder.addStructure(
            "", bytes: 8, isUnion: true, [.init("", inner, bitOffset: 0), .init("pad", long, bitOffset: 0)])
        skb = builder.addStructure(
            "sk_buff", bytes: 32,
            [
                .init("", outer, bitOffset: 0), .init("dev", toDevice, bitOffset: 64),
                .init("cloned", byte, bitOffset: 128, bitSize: 1), .init("nohdr", byte, bitOffset: 129, bitSize: 2),
                .init("cb", control, bitOffset: 144),
            ])
        let reason = builder.addEnumeration(
            "skb_drop_reason", [("SKB_NOT_DROPPED_YET", 0), ("SKB_DROP_REASON_NO_SOCKET", 3)])
        _ = builder.addEnumeration("verdict", [("BAD", -1), ("GOOD", 1)])
        _ = builder.addEnumeration("wide", bytes: 8, [("LARGE", 0x1_0000_0002)])
        let toConst = builder.addPointer(to: builder.add(.const, of: device))
        let receive = builder.addPrototype(
            returning: int, [("skb", toSkb), ("dev", toConst), ("", .void)])
        _ = builder.add(.function, "ip_rcv", of: receive)
        let toVoid = builder.addPointer(to: .void)
        let trace = builder.addPrototype(
            returning: .void, [("__data", toVoid), ("skb", toSkb), ("reason", reason)])
        _ = builder.add(.typedef, "btf_trace_kfree_skb", of: builder.addPointer(to: trace))
        types = try TypeTable(builder.bytes())
    }
}
