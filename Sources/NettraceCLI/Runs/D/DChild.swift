import Glibc
import KernelAccess
import SystemPackage

/// A command that a run observes: started at once, and stopped until the run sees it.
struct DChild {
    let process: pid_t

    /// - Parameter command: as a shell reads it (dtrace -c).
    init(_ command: String) throws {
        try self.init("exec \(command)", [], name: "-c '\(command)'")
    }

    /// - Parameter words: the program and its arguments.
    init(words: [String]) throws {
        try self.init("exec \"$@\"", ["sh"] + words, name: "-- \(words.joined(separator: " "))")
    }

    private init(_ script: String, _ parameters: [String], name: String) throws {
        // A shell that stops itself: its process number is that of the command.
        let words = ["/bin/sh", "-c", "kill -STOP $$; \(script)"] + parameters
        var arguments: [UnsafeMutablePointer<CChar>?] = words.map { strdup($0) } + [nil]
        defer { for argument in arguments { free(argument) } }
        var process: pid_t = 0
        let error = posix_spawn(&process, "/bin/sh", nil, nil, &arguments, environ)
        guard error == 0 else { throw RunError("\(name): cannot start it: \(Errno(rawValue: error))") }
        self.process = process
        var status: Int32 = 0
        while waitpid(process, &status, WUNTRACED) < 0, errno == EINTR {}
    }

    func start() { kill(process, SIGCONT) }

    var hasEnded: Bool {
        var status: Int32 = 0
        return waitpid(process, &status, WNOHANG) != 0
    }

    /// Ends the command with the run, as dtrace(1) does with a process that it has created.
    func end() {
        guard !hasEnded, kill(process, SIGKILL) == 0 else { return }
        var status: Int32 = 0
        while waitpid(process, &status, 0) < 0, errno == EINTR {}
    }
}

/// The end of a run that its processes decide.
struct DEnd {
    /// Of -c.
    let child: DChild?
    /// Of -p.
    let process: pid_t?

    var isReached: Bool {
        if let child, child.hasEnded { return true }
        if let process, kill(process, 0) != 0, errno == ESRCH { return true }
        return false
    }
}
