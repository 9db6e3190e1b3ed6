import CLibBPF
import CNettraceBPF
import CSyscalls
import Glibc
import KernelTypes
import SystemPackage

/// The kernel types that the relocations of nettrace's programs refer to, as BTF: a few hundred of 130,000.
///
/// Without it, libbpf reads all types once more, and searches them for each type that the programs use.
public struct ProgramTypes: Sendable {
    private let bytes: [UInt8]
    /// Entries of connection tracking are among them; otherwise they are a module's.
    public let haveConntrack: Bool

    /// Returns nil if memory is short; libbpf then reads the kernel's types itself.
    init?(from kernel: TypeTable) {
        guard let names = Self.wantedNames() else { return nil }
        let extract = TypeExtract(of: names, from: kernel)
        bytes = extract.bytes()
        haveConntrack = extract.found.contains(fnv1a("nf_conn".utf8))
    }

    /// Writes the types to an anonymous file, which libbpf can open; closing the descriptor removes it.
    func file() -> FileDescriptor? {
        let file = nt_memory_file("nettrace-types")
        guard file >= 0 else { return nil }
        let descriptor = FileDescriptor(rawValue: file)
        guard (try? descriptor.writeAll(bytes)) == bytes.count else {
            try? descriptor.close()
            return nil
        }
        return descriptor
    }

    /// Hashes of the names by which the programs call kernel types.
    private static func wantedNames() -> Set<UInt64>? {
        libbpf_set_print(LibBPFLog.print)
        var object = nettrace_object()
        guard nettrace_object_open(&object, 0, nil) == 0 else { return nil }
        defer { nettrace_object_close(&object) }
        guard let types = nettrace_object_types(&object).map(OpaquePointer.init) else { return nil }
        var names: Set<UInt64> = []
        for id in 1..<btf__type_cnt(types) {
            guard let type = btf__type_by_id(types, id), let name = btf__name_by_offset(types, type.pointee.name_off)
            else { continue }
            names.insert(fnv1a(UnsafeRawBufferPointer(start: name, count: flavor(in: name))))
        }
        return names
    }

    /// Length of the name without its flavor suffix: `sk_buff___cloned_bit` means sk_buff (libbpf,
    /// bpf_core_essential_name_len).
    private static func flavor(in name: UnsafePointer<CChar>) -> Int {
        let text = UnsafeBufferPointer(start: name, count: strlen(name))
        let mark = CChar(bitPattern: UInt8(ascii: "_"))
        guard text.count > 4 else { return text.count }
        for at in stride(from: text.count - 4, through: 1, by: -1)
        where text[at] == mark && text[at + 1] == mark && text[at + 2] == mark
            && text[at - 1] != mark && text[at + 3] != mark
        {
            return at
        }
        return text.count
    }
}
