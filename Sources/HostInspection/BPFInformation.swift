internal import CLibBPF
internal import Glibc

/// Kernel information about BPF objects of other programs; nil if the object no longer exists.
enum BPFInformation {
    static func program(_ id: UInt32) -> bpf_prog_info? { read(bpf_prog_get_fd_by_id(id), into: bpf_prog_info()) }
    static func link(_ id: UInt32) -> bpf_link_info? { read(bpf_link_get_fd_by_id(id), into: bpf_link_info()) }

    /// Empty if the program was loaded without a name, or no longer exists.
    static func name(ofProgram id: UInt32) -> String {
        guard let information = program(id) else { return "" }
        return withUnsafeBytes(of: information.name) { String(decoding: $0.prefix { $0 != 0 }, as: UTF8.self) }
    }

    /// bpf_obj_get_info_by_fd(3). Takes ownership of the descriptor and closes it.
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
