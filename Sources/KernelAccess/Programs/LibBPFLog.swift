import CLibBPF
import Glibc
import SystemPackage

/// libbpf's messages, if NETTRACE_DEBUG is set; the value `stats` adds the verifier's statistics.
enum LibBPFLog {
    /// libbpf_set_print(3).
    static let print: libbpf_print_fn_t = { _, format, arguments in
        guard getenv(variable) != nil, let format, let arguments else { return 0 }
        return vdprintf(STDERR_FILENO, format, arguments)
    }

    /// BPF_LOG_STATS: number of instructions that the verifier processed for each program, `processed N insns`. It
    /// hides the reasons for a refusal, so it is off by default.
    static var verifierLevel: UInt32 {
        getenv(variable).map { strcmp($0, "stats") == 0 } == true ? 4 : 0
    }

    /// Loads a program past libbpf, and prints the verifier's statistics as libbpf does.
    static func withLog(of name: String, _ load: (inout bpf_prog_load_opts) -> Int32) -> Int32 {
        var options = bpf_prog_load_opts()
        options.sz = MemoryLayout<bpf_prog_load_opts>.size
        guard verifierLevel != 0 else { return load(&options) }
        return withUnsafeTemporaryAllocation(of: CChar.self, capacity: 4096) { log in
            log.initialize(repeating: 0)
            options.log_level = verifierLevel
            options.log_buf = log.baseAddress
            options.log_size = UInt32(log.count)
            let program = load(&options)
            let text = log.prefix { $0 != 0 }.map { UInt8(bitPattern: $0) }
            let title = "libbpf: prog '\(name)': -- BEGIN PROG LOAD LOG --\n"
            _ = try? FileDescriptor.standardError.writeAll(Array(title.utf8) + text)
            return program
        }
    }

    private static let variable = "NETTRACE_DEBUG"
}
