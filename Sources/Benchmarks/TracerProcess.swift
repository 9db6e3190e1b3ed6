import FoundationEssentials
import Glibc

/// A nettrace process of the benchmark, with its ready file and messages in a folder of its own. On deinit it is killed
/// if it still runs.
struct TracerProcess: ~Copyable {
    let pid: pid_t
    private let folder: String
    private let started: ContinuousClock.Instant
    private var isRunning: Bool

    /// The end of a run.
    struct Ending {
        /// From the signal to the exit.
        var duration: Duration
        /// Peak of the resident set until the signal, in KiB.
        var peakMemory: Int
        /// CPU time of the whole run, user and system.
        var processorTime: Duration
    }

    /// Starts the process and returns at once. Standard output goes to `output`, or to /dev/null.
    init(_ program: String, _ arguments: [String], output: Int32? = nil) throws(BenchmarkError) {
        let folder = try Self.makeFolder()
        let started = ContinuousClock.now
        let pid = try Self.spawn([program, "--ready-file", folder + "/ready"] + arguments, folder, output)
        self.folder = folder
        self.started = started
        self.pid = pid
        isRunning = true
    }

    deinit {
        if isRunning {
            kill(pid, SIGKILL)
            waitpid(pid, nil, 0)
        }
        for name in ["ready", "messages"] { unlink("\(folder)/\(name)") }
        rmdir(folder)
    }

    /// Waits for the ready file; returns the time since the start of the process.
    mutating func waitUntilReady() throws(BenchmarkError) -> Duration {
        let deadline = started + .seconds(120)
        while access(folder + "/ready", F_OK) != 0 {
            var status: Int32 = 0
            guard waitpid(pid, &status, WNOHANG) == 0 else {
                isRunning = false
                throw BenchmarkError("nettrace ended before it was ready: \(messages)")
            }
            guard ContinuousClock.now < deadline else {
                throw BenchmarkError("nettrace was not ready after 120 s: \(messages)")
            }
            usleep(500)
        }
        return ContinuousClock.now - started
    }

    /// Sends SIGINT; `whileEnding` runs before the wait, to read the remaining output.
    mutating func stop(whileEnding: () throws(BenchmarkError) -> Void = {}) throws(BenchmarkError) -> Ending {
        let peakMemory = peakMemory
        let asked = ContinuousClock.now
        kill(pid, SIGINT)
        try whileEnding()
        var status: Int32 = 0
        var usage = rusage()
        while wait4(pid, &status, 0, &usage) < 0 {
            guard errno == EINTR else { throw BenchmarkError(failed: "wait for nettrace") }
        }
        isRunning = false
        guard status == 0 else { throw BenchmarkError("nettrace failed (wait status \(status)): \(messages)") }
        return Ending(
            duration: ContinuousClock.now - asked, peakMemory: peakMemory,
            processorTime: Duration(usage.ru_utime) + Duration(usage.ru_stime))
    }

    private static func makeFolder() throws(BenchmarkError) -> String {
        var template = Array("/tmp/nettrace-bench.XXXXXX".utf8CString)
        guard mkdtemp(&template) != nil else { throw BenchmarkError(failed: "make a folder in /tmp") }
        return String(decoding: template.dropLast().map(UInt8.init(bitPattern:)), as: UTF8.self)
    }

    private static func spawn(_ command: [String], _ folder: String, _ output: Int32?) throws(BenchmarkError) -> pid_t {
        var actions = posix_spawn_file_actions_t()
        posix_spawn_file_actions_init(&actions)
        defer { posix_spawn_file_actions_destroy(&actions) }
        if let output {
            posix_spawn_file_actions_adddup2(&actions, output, STDOUT_FILENO)
        } else {
            posix_spawn_file_actions_addopen(&actions, STDOUT_FILENO, "/dev/null", O_WRONLY, 0)
        }
        posix_spawn_file_actions_addopen(
            &actions, STDERR_FILENO, folder + "/messages", O_WRONLY | O_CREAT | O_TRUNC, 0o600)

        var words = command.map { strdup($0) }
        defer { for word in words { free(word) } }
        words.append(nil)
        var pid = pid_t()
        // A shell starts background jobs with SIGINT ignored, and nettrace leaves signals ignored that its parent ignores.
        signal(SIGINT, SIG_DFL)
        let error = posix_spawn(&pid, command[0], &actions, nil, words, environ)
        guard error == 0 else {
            rmdir(folder)
            throw BenchmarkError("cannot start \(command[0]): \(String(cString: strerror(error)))")
        }
        return pid
    }

    /// Current resident set, in KiB.
    var memory: Int { status("VmRSS:") }

    /// Not ru_maxrss, which starts with the parent's memory before exec.
    private var peakMemory: Int { status("VmHWM:") }

    /// A number of proc_pid_status(5).
    private func status(_ key: String) -> Int {
        let status = (try? String(contentsOfFile: "/proc/\(pid)/status", encoding: .utf8)) ?? ""
        let line = status.split(separator: "\n").first { $0.hasPrefix(key) }
        return line.flatMap { Int($0.filter(\.isNumber)) } ?? 0
    }

    /// Contents of its standard error.
    private var messages: String {
        (try? String(contentsOfFile: folder + "/messages", encoding: .utf8)) ?? ""
    }
}

extension Duration {
    fileprivate init(_ time: timeval) {
        self = .seconds(time.tv_sec) + .microseconds(time.tv_usec)
    }
}
