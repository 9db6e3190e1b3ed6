import AttachPlanning
import CLibBPF
import CNettraceBPF
import Glibc
import SystemPackage
import Tracers

/// Our two programs for one BPF program that is traced.
struct ProgramCopies {
    var enter: FileDescriptor
    var leave: FileDescriptor
}

/// The compiled programs that trace others of a family: BPF/runs/run_programs.h.
struct ProgramTemplates {
    let enter: CompiledProgram
    let leave: CompiledProgram

    init(of family: ProgramFamily) {
        switch family {
        case .xdp: (enter, leave) = (.enterXDPTemplate, .leaveXDPTemplate)
        case .tc: (enter, leave) = (.enterTCTemplate, .leaveTCTemplate)
        }
    }
}

extension BPFObject {
    /// Loads what traces `program`; they live as long as this.
    mutating func loadCopies(tracing program: KernelProgram, hook: Int) -> Result<ProgramCopies, Errno> {
        let target = bpf_prog_get_fd_by_id(program.id)
        guard target >= 0 else { return .failure(Errno(rawValue: -target)) }
        defer { close(target) }
        var index = UInt32(hook)
        var facts = nt_traced_program(program)
        let error = bpf_map_update_elem(bpf_map__fd(object.map(.tracedPrograms)), &index, &facts, UInt64(BPF_ANY))
        guard error == 0 else { return .failure(Errno(rawValue: -error)) }

        let templates = ProgramTemplates(of: program.family)
        var failure = Errno.invalidArgument
        for position in Self.resultPositions {
            let cookie = UInt64(hook) << NT_COOKIE_HOOK_SHIFT | position << NT_COOKIE_RESULT_SHIFT
            let atReturn = load(templates.leave, cookie, BPF_TRACE_FEXIT, target, program)
            guard atReturn >= 0 else {
                failure = Errno(rawValue: -atReturn)
                continue
            }
            keep(FileDescriptor(rawValue: atReturn))
            let atEntry = load(templates.enter, cookie, BPF_TRACE_FENTRY, target, program)
            guard atEntry >= 0 else { return .failure(Errno(rawValue: -atEntry)) }
            keep(FileDescriptor(rawValue: atEntry))
            return .success(
                ProgramCopies(enter: FileDescriptor(rawValue: atEntry), leave: FileDescriptor(rawValue: atReturn)))
        }
        return .failure(failure)
    }

    /// Where the program's result stands: after five arguments where the kernel does not trust its prototype
    /// (bpf_check_attach_target, kernel/bpf/verifier.c), which it says by accepting a program that reads it there.
    private static let resultPositions: [UInt64] = [5, 1]

    private func load(
        _ template: CompiledProgram, _ cookie: UInt64, _ attachType: bpf_attach_type, _ target: Int32,
        _ program: KernelProgram
    ) -> Int32 {
        let original = UnsafeBufferPointer(
            start: bpf_program__insns(object.program(template)),
            count: bpf_program__insn_cnt(object.program(template)))
        guard let instructions = ProgramPatcher.insert(cookie: cookie, into: Array(original)) else { return -EINVAL }
        return LibBPFLog.withLog(of: template.rawValue) { options in
            options.expected_attach_type = attachType
            options.attach_prog_fd = UInt32(target)
            options.attach_btf_id = program.function ?? 0
            return bpf_prog_load(
                BPF_PROG_TYPE_TRACING, "nt_run", "Dual BSD/GPL", instructions, instructions.count, &options)
        }
    }
}

extension nt_traced_program {
    fileprivate init(_ program: KernelProgram) {
        self.init()
        id = program.id
        type = program.type
        tag = program.tag
        withUnsafeMutableBytes(of: &name) { $0.copyBytes(from: program.name.utf8.prefix(Int(NT_PROGRAM_NAME_LEN))) }
    }
}
