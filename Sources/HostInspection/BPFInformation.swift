internal import CLibBPF
internal import Glibc

/// What the kernel tells of a BPF object that others have made; nil: it has gone meanwhile.
enum BPFInformation {
    static func program(_ id: UInt32) -> bpf_prog_info? { read(bpf_prog_get_fd_by_id(id), into: bpf_prog_info()) }
    static func link(_ id: UInt32) -> bpf_link_info? { read(bpf_link_get_fd_by_id(id), into: bpf_link_info()) }

    /// Empty where it was loaded without a name.
    static func name(ofProgram id: UInt32) -> String {
        guard let information = program(id) else { return "" }
        return withUnsafeBytes(of: information.name) { String(decoding: $0.prefix { $0 != 0 }, as: UTF8.self) }
    }

    /// bpf_obj_get_info_by_fd(3). Closes the descriptor.
    private static func read<Information>(_ object: Int32, into empty: Information) -> Information? {
        guard object >= 0 else { return nil }
        defer { close(object) }
        var information = empty
        var size = UInt32(MemoryLayout<Information>.size)
        let error = withUnsafeMutableBytes(of: &information) {
            bpf_obj_get_info_by_fd(object, $0.baseAddress, &size)
        }
        return error == 0 ? information : nil
    }
}
