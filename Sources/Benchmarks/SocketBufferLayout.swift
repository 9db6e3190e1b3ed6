import CLibBPF
import Glibc

/// Offsets of the fields of the running kernel's `struct sk_buff` that locate the headers, from its type information
/// (BTF).
struct SocketBufferLayout {
    /// Offsets in bytes.
    let head, networkHeader, transportHeader: Int32

    init() throws(BenchmarkError) {
        guard let types = btf__load_vmlinux_btf() else { throw BenchmarkError(failed: "read the kernel's types") }
        defer { btf__free(types) }
        let skb = btf__find_by_name_kind(types, "sk_buff", UInt32(BTF_KIND_STRUCT))
        guard skb > 0 else { throw BenchmarkError("the kernel's types know no struct sk_buff") }
        func find(_ name: String) throws(BenchmarkError) -> Int32 {
            guard let offset = Self.offset(of: name, in: UInt32(skb), types) else {
                throw BenchmarkError("the kernel's struct sk_buff has no \(name)")
            }
            return offset
        }
        head = try find("head")
        networkHeader = try find("network_header")
        transportHeader = try find("transport_header")
    }

    /// Also searches unnamed members, whose fields C treats as those of the outer struct.
    private static func offset(of name: String, in id: UInt32, _ types: OpaquePointer) -> Int32? {
        guard let type = btf__type_by_id(types, id) else { return nil }
        let kind = type.pointee.info >> 24 & 0x1f
        guard kind == BTF_KIND_STRUCT || kind == BTF_KIND_UNION else { return nil }
        let members = UnsafeRawPointer(type + 1).assumingMemoryBound(to: btf_member.self)
        for index in 0..<Int(type.pointee.info & 0xffff) {
            let member = members[index]
            // The upper byte is the width of a bit-field.
            let start = Int32(member.offset & 0xff_ffff) / 8
            let found = btf__name_by_offset(types, member.name_off).map { String(cString: $0) } ?? ""
            if found == name { return start }
            if found.isEmpty, let inner = offset(of: name, in: member.type, types) { return start + inner }
        }
        return nil
    }
}
