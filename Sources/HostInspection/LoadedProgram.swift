internal import CLibBPF
internal import Glibc

/// A BPF program in the kernel.
enum LoadedProgram {
    /// Empty where it was loaded without a name, or has gone meanwhile.
    static func name(of id: UInt32) -> String {
        let program = bpf_prog_get_fd_by_id(id)
        guard program >= 0 else { return "" }
        defer { close(program) }
        var info = bpf_prog_info()
        var size = UInt32(MemoryLayout<bpf_prog_info>.size)
        guard bpf_obj_get_info_by_fd(program, &info, &size) == 0 else { return "" }
        return withUnsafeBytes(of: info.name) { String(decoding: $0.prefix { $0 != 0 }, as: UTF8.self) }
    }
}
