import CLibBPF
import Glibc

/// libbpf's own words, for those who ask by NETTRACE_DEBUG: anything, or `stats` for what the verifier counted.
enum LibBPFLog {
    /// libbpf_set_print(3).
    static let print: libbpf_print_fn_t = { _, format, arguments in
        guard getenv(variable) != nil, let format, let arguments else { return 0 }
        return vdprintf(STDERR_FILENO, format, arguments)
    }

    /// BPF_LOG_STATS: how many instructions each program took to verify, `processed N insns`. It hides the reasons of a
    /// refusal, so it has to be asked for.
    static var verifierLevel: UInt32 {
        getenv(variable).map { strcmp($0, "stats") == 0 } == true ? 4 : 0
    }

    private static let variable = "NETTRACE_DEBUG"
}
