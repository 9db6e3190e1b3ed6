import AttachPlanning
import CLibBPF
import Glibc
import Tracers

/// BPF programs that others have loaded.
enum LoadedPrograms {
    /// Those of the families that can be traced, by id; nil where the kernel does not list them (CAP_SYS_ADMIN).
    static func list() -> [KernelProgram]? {
        var programs: [KernelProgram] = []
        var id: UInt32 = 0
        while true {
            let error = bpf_prog_get_next_id(id, &id)
            if error == -ENOENT { return programs }
            guard error == 0 else { return nil }
            if let program = program(id) { programs.append(program) }
        }
    }

    /// nil where it is of another type, or gone.
    private static func program(_ id: UInt32) -> KernelProgram? {
        let descriptor = bpf_prog_get_fd_by_id(id)
        guard descriptor >= 0 else { return nil }
        defer { close(descriptor) }
        guard let information = information(descriptor), let family = family(information.type) else { return nil }
        let function = mainFunction(information, descriptor)
        let name = withUnsafeBytes(of: information.name) { String(decoding: $0.prefix { $0 != 0 }, as: UTF8.self) }
        return KernelProgram(
            id: id, name: function?.name ?? name, family: family, type: information.type,
            tag: withUnsafeBytes(of: information.tag) { $0.load(as: UInt64.self).bigEndian }, function: function?.id)
    }

    private static func family(_ type: UInt32) -> ProgramFamily? {
        switch bpf_prog_type(rawValue: type) {
        case BPF_PROG_TYPE_XDP: .xdp
        case BPF_PROG_TYPE_SCHED_CLS, BPF_PROG_TYPE_SCHED_ACT: .tc
        default: nil
        }
    }

    private static func information(_ descriptor: Int32, _ empty: bpf_prog_info = bpf_prog_info()) -> bpf_prog_info? {
        var information = empty
        var size = UInt32(MemoryLayout<bpf_prog_info>.size)
        return bpf_obj_get_info_by_fd(descriptor, &information, &size) == 0 ? information : nil
    }

    /// The function that the program begins with: the first that its type information lists.
    private static func mainFunction(
        _ information: bpf_prog_info, _ descriptor: Int32
    ) -> (id: UInt32, name: String)? {
        guard information.btf_id != 0, information.nr_func_info > 0 else { return nil }
        var function = bpf_func_info()
        let isKnown = withUnsafeMutablePointer(to: &function) { function in
            var request = bpf_prog_info()
            request.nr_func_info = 1
            request.func_info_rec_size = UInt32(MemoryLayout<bpf_func_info>.size)
            request.func_info = UInt64(UInt(bitPattern: function))
            return self.information(descriptor, request) != nil
        }
        guard isKnown, function.type_id != 0, let types = btf__load_from_kernel_by_id(information.btf_id) else {
            return nil
        }
        defer { btf__free(types) }
        guard let type = btf__type_by_id(types, function.type_id),
            let name = btf__name_by_offset(types, type.pointee.name_off)
        else { return nil }
        return (function.type_id, String(cString: name))
    }
}
