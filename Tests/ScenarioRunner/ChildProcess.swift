import Glibc

/// A shell command in a process group of its own, its output in files.
///
/// The process stays a zombie until `destroy`, so that its id, and with it the group's, cannot be reused while there
/// may still be something to kill. A class, because several owners hold it and it must end exactly once.
final class ChildProcess {
    /// The exit status of a process.
    enum End: Equatable, CustomStringConvertible {
        case exited(Int32)
        case killed(signal: Int32)

        var description: String {
            switch self {
            case .exited(let code): "exit code \(code)"
            case .killed(let signal): "signal \(signal)"
            }
        }
    }

    struct StartError: Error, CustomStringConvertible {
        let description: String
    }

    private let id: pid_t
    private var isDestroyed = false
    /// The files that take its output.
    let stdout: String
    let stderr: String

    /// Runs `sh -ec script`; its output goes to `<output>.out` and `<output>.err`.
    init(script: String, output: String, environment: [String: String]) throws(StartError) {
        stdout = output + ".out"
        stderr = output + ".err"

        var actions = posix_spawn_file_actions_t()
        posix_spawn_file_actions_init(&actions)
        defer { posix_spawn_file_actions_destroy(&actions) }
        posix_spawn_file_actions_addopen(&actions, 0, "/dev/null", O_RDONLY, 0)
        posix_spawn_file_actions_addopen(&actions, 1, stdout, O_WRONLY | O_CREAT | O_TRUNC | O_APPEND, 0o600)
        posix_spawn_file_actions_addopen(&actions, 2, stderr, O_WRONLY | O_CREAT | O_TRUNC | O_APPEND, 0o600)

        var attributes = posix_spawnattr_t()
        posix_spawnattr_init(&attributes)
        defer { posix_spawnattr_destroy(&attributes) }
        var none = sigset_t()
        sigemptyset(&none)
        posix_spawnattr_setsigmask(&attributes, &none)
        posix_spawnattr_setpgroup(&attributes, 0)
        posix_spawnattr_setflags(&attributes, Int16(POSIX_SPAWN_SETSIGMASK | POSIX_SPAWN_SETPGROUP))

        let words = ["sh", "-ec", script]
        let arguments: [UnsafeMutablePointer<CChar>?] = words.map { strdup($0) } + [nil]
        let variables: [UnsafeMutablePointer<CChar>?] = environment.map { strdup("\($0.key)=\($0.value)") } + [nil]
        defer { (arguments + variables).forEach { free($0) } }
        var id: pid_t = 0
        let error = posix_spawn(&id, "/bin/sh", &actions, &attributes, arguments, variables)
        guard error == 0 else {
            throw StartError(description: "cannot start /bin/sh: \(String(cString: strerror(error)))")
        }
        self.id = id
    }

    /// The process group, whose id is that of its first process.
    var group: pid_t { id }

    /// The exit status; nil while the process runs.
    var end: End? {
        var info = siginfo_t()
        guard waitid(P_PID, id_t(id), &info, WEXITED | WNOHANG | WNOWAIT) == 0, info.si_signo == SIGCHLD else {
            return nil
        }
        let status = info._sifields._sigchld.si_status
        return info.si_code == Int32(CLD_EXITED) ? .exited(status) : .killed(signal: status)
    }

    /// Sends a signal to the process, not to its group.
    func send(_ signal: Int32) {
        kill(id, signal)
    }

    /// Kills the rest of the group and reaps the process.
    func destroy() {
        guard !isDestroyed else { return }
        isDestroyed = true
        kill(-id, SIGKILL)
        var status: Int32 = 0
        while waitpid(id, &status, 0) == -1 && errno == EINTR {}
    }

    deinit { destroy() }
}

/// The content of a file as text, from a byte on; empty if there is none.
func contents(of path: String, from start: Int = 0) -> String {
    guard let file = fopen(path, "r") else { return "" }
    defer { fclose(file) }
    fseek(file, start, SEEK_SET)
    var bytes: [UInt8] = []
    var buffer = [UInt8](repeating: 0, count: 65536)
    while case let count = fread(&buffer, 1, buffer.count, file), count > 0 {
        bytes.append(contentsOf: buffer[..<count])
    }
    return String(decoding: bytes, as: UTF8.self)
}
