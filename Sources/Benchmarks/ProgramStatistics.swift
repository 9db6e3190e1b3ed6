import CLibBPF
import FoundationEssentials
import Glibc

/// Number and total duration of runs of BPF programs (kernel.bpf_stats_enabled, kernel/bpf/syscall.c).
struct ProgramStatistics {
    var runs: UInt64 = 0
    var nanoseconds: UInt64 = 0

    var perRun: Double { runs == 0 ? 0 : Double(nanoseconds) / Double(runs) }

    static func - (later: Self, earlier: Self) -> Self {
        Self(runs: later.runs - earlier.runs, nanoseconds: later.nanoseconds - earlier.nanoseconds)
    }

    /// One program, by any of its descriptors.
    init(program: Int32) throws(BenchmarkError) {
        let info = try bpf_prog_info(of: program)
        runs = info.run_cnt
        nanoseconds = info.run_time_ns
    }

    /// All programs that a process holds, directly or through links: /proc/PID/fdinfo lists them (`prog_id`).
    init(process: pid_t) throws(BenchmarkError) {
        for info in try bpf_prog_info.all(of: process) {
            runs += info.run_cnt
            nanoseconds += info.run_time_ns
        }
    }

    private init(runs: UInt64, nanoseconds: UInt64) {
        self.runs = runs
        self.nanoseconds = nanoseconds
    }
}

/// The size of the largest program of a process.
struct ProgramSize {
    /// Instructions that the verifier processed, on all paths through the program; since Linux 5.16, 0 before.
    var verified: UInt64 = 0
    /// Instructions after verification.
    var translated: UInt64 = 0
    /// Bytes of machine code.
    var machineCode: UInt64 = 0

    init(process: pid_t) throws(BenchmarkError) {
        for info in try bpf_prog_info.all(of: process) {
            verified = max(verified, UInt64(info.verified_insns))
            translated = max(translated, UInt64(info.xlated_prog_len) / UInt64(MemoryLayout<bpf_insn>.size))
            machineCode = max(machineCode, UInt64(info.jited_prog_len))
        }
    }
}

extension bpf_prog_info {
    fileprivate init(of program: Int32) throws(BenchmarkError) {
        self.init()
        var size = UInt32(MemoryLayout<bpf_prog_info>.size)
        guard bpf_obj_get_info_by_fd(program, &self, &size) == 0 else {
            throw BenchmarkError(failed: "read what the kernel knows of a BPF program")
        }
    }

    /// All programs that a process holds, directly or through links.
    fileprivate static func all(of process: pid_t) throws(BenchmarkError) -> [Self] {
        var found: [Self] = []
        for id in programs(of: process) {
            let program = bpf_prog_get_fd_by_id(id)
            guard program >= 0 else { throw BenchmarkError(failed: "open BPF program \(id)") }
            defer { close(program) }
            found.append(try Self(of: program))
        }
        return found
    }

    private static func programs(of process: pid_t) -> Set<UInt32> {
        let folder = "/proc/\(process)/fdinfo"
        var found: Set<UInt32> = []
        for name in (try? FileManager.default.contentsOfDirectory(atPath: folder)) ?? [] {
            // The descriptor may be closed meanwhile.
            guard let text = try? String(contentsOfFile: "\(folder)/\(name)", encoding: .utf8) else { continue }
            for line in text.split(separator: "\n") where line.hasPrefix("prog_id:") {
                if let id = UInt32(line.dropFirst("prog_id:".count).filter(\.isNumber)) { found.insert(id) }
            }
        }
        return found
    }
}

/// While this value exists the kernel measures the time of each BPF program run (BPF_ENABLE_STATS, Linux 5.8). No
/// sysctl is changed, and the measurement ends with the descriptor.
struct ProgramTiming: ~Copyable {
    private let descriptor: Int32

    init() throws(BenchmarkError) {
        descriptor = bpf_enable_stats(BPF_STATS_RUN_TIME)
        guard descriptor >= 0 else { throw BenchmarkError(failed: "let the kernel time BPF programs") }
    }

    deinit { close(descriptor) }
}
