import Glibc
import SystemPackage

/// Another program that writes packets to a pipe as a pcapng file.
struct PacketProcess {
    let name: String
    private let pid: pid_t
    private let source: WaitingSource
    private let descriptor: FileDescriptor

    /// - Parameters:
    ///   - name: for errors.
    ///   - command: the program, by its path or by PATH, and its arguments.
    init(_ command: [String], name: String) throws {
        self.name = name
        let ends = try FileDescriptor.pipe()
        defer { try? ends.writeEnd.close() }
        _ = fcntl(ends.readEnd.rawValue, F_SETFD, FD_CLOEXEC)
        pid = try Self.start(command, output: ends.writeEnd)
        descriptor = ends.readEnd
        source = WaitingSource(name: name, ends.readEnd)
    }

    private static func start(_ command: [String], output: FileDescriptor) throws -> pid_t {
        var actions = posix_spawn_file_actions_t()
        posix_spawn_file_actions_init(&actions)
        defer { posix_spawn_file_actions_destroy(&actions) }
        posix_spawn_file_actions_adddup2(&actions, output.rawValue, STDOUT_FILENO)
        posix_spawn_file_actions_addclose(&actions, output.rawValue)
        var words: [UnsafeMutablePointer<CChar>?] = command.map { strdup($0) } + [nil]
        defer { for word in words { free(word) } }
        var pid: pid_t = 0
        let error = posix_spawnp(&pid, command[0], &actions, nil, &words, environ)
        guard error == 0 else { throw RunError("cannot start \(command[0]): \(Errno(rawValue: error))") }
        return pid
    }

    func read(into buffer: UnsafeMutableRawBufferPointer) throws(Errno) -> Int { try source.read(into: buffer) }

    /// Whether bytes have arrived, or the program has ended.
    var isReady: Bool {
        var waited = pollfd(fd: descriptor.rawValue, events: Int16(POLLIN), revents: 0)
        return poll(&waited, 1, 0) > 0
    }

    /// Ends the program. Returns its exit code, 0 if it was still running.
    func end() -> Int32 {
        var status: Int32 = 0
        let hasEnded = waitpid(pid, &status, WNOHANG) == pid
        try? descriptor.close()
        guard !hasEnded else { return Self.code(of: status) }
        kill(pid, SIGTERM)
        while waitpid(pid, &status, 0) < 0, errno == EINTR {}
        return 0
    }

    /// Waits for a program that has closed its output. Returns its exit code.
    func waitForEnd() -> Int32 {
        var status: Int32 = 0
        try? descriptor.close()
        while waitpid(pid, &status, 0) < 0, errno == EINTR {}
        return Self.code(of: status)
    }

    private static func code(of status: Int32) -> Int32 {
        status & 0x7f == 0 ? status >> 8 & 0xff : 128 + status & 0x7f
    }
}
