import Glibc
import SystemPackage

/// Packets that nettrace captures on another host, which ssh(1) brings as a pcapng file.
struct RemoteCapture {
    let name: String
    private let pid: pid_t
    private let source: WaitingSource
    private let descriptor: FileDescriptor

    /// - Parameters:
    ///   - host: as ssh takes it.
    ///   - length: the most bytes of a packet; nil for all.
    init(host: String, device: String, length: Int?) throws {
        name = "\(host):\(device)"
        let ends = try FileDescriptor.pipe()
        defer { try? ends.writeEnd.close() }
        _ = fcntl(ends.readEnd.rawValue, F_SETFD, FD_CLOEXEC)
        let command = ["ssh", "--", host, Self.command(device: device, length: length)]
        pid = try Self.start(command, output: ends.writeEnd)
        descriptor = ends.readEnd
        source = WaitingSource(name: name, ends.readEnd)
    }

    /// The command for the shell of the other host. The packets of the ssh connection itself are left out: each of them
    /// would cause others.
    static func command(device: String, length: Int?) -> String {
        let quoted = "'" + device.split(separator: "'", omittingEmptySubsequences: false).joined(separator: "'\\''") + "'"
        let limit = length.map { "-l \($0) " } ?? ""
        return """
            f=1; set -- $SSH_CONNECTION; case $1 in *:*) p=ip6;; *) p=ip;; esac; \
            if [ $# -eq 4 ]; then f="not ($p.host $1 and tcp.port $2)"; fi; \
            HOME=/nonexistent exec nettrace netsnoop -i \(quoted) \(limit)-o - "$f"
            """
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
        guard error == 0 else {
            throw RunError("cannot start ssh for a remote capture: \(Errno(rawValue: error)); install openssh-client")
        }
        return pid
    }

    func read(into buffer: UnsafeMutableRawBufferPointer) throws(Errno) -> Int { try source.read(into: buffer) }

    /// Ends ssh, which ends the command on the other host.
    ///
    /// - Parameter wasStopped: by this side, so that its status means nothing.
    func end(wasStopped: Bool) throws {
        try? descriptor.close()
        if wasStopped { kill(pid, SIGTERM) }
        var status: Int32 = 0
        while waitpid(pid, &status, 0) < 0, errno == EINTR {}
        let code = status & 0x7f == 0 ? status >> 8 & 0xff : 128 + status & 0x7f
        guard !wasStopped, code != 0 else { return }
        throw RunError("the capture on \(name) ended with status \(code); nettrace must be installed there")
    }
}
