internal import CSyscalls
internal import Glibc
internal import SystemPackage

extension NamespaceHandle {
    /// Runs a command in the namespace and returns its standard output.
    ///
    /// The command gets no input, and a fixed environment (`HostCommand.environment`); it is killed when the time is over. The
    /// calling thread waits and stays in its own namespace.
    ///
    /// - Parameters:
    ///   - seconds: time limit; a machine under load takes seconds for a command that normally takes milliseconds.
    ///   - limit: maximum number of bytes that it may print.
    public func run(
        _ command: HostCommand, seconds: Int = 10, limit: Int = 32 << 20
    ) throws(InspectionError) -> String {
        guard let path = command.path else { throw .notInstalled(command: command.name, package: command.package) }
        guard let output = Pipe() else { throw .noResources(command: command.text, Errno(rawValue: errno)) }
        guard let errors = Pipe() else { throw .noResources(command: command.text, Errno(rawValue: errno)) }
        let process = try spawn(command, path, output.writeEnd, errors.writeEnd)
        output.closeWriteEnd()
        errors.closeWriteEnd()
        var capture = Capture(output: output.readEnd, errors: errors.readEnd, limit: limit)
        let deadline = Clock.now + UInt64(seconds) * 1_000_000_000
        let ending = capture.collect(until: deadline)
        let status = Self.reap(process, until: ending == .finished ? deadline : 0)
        switch ending {
        case .timedOut: throw .timedOut(command: command.text, seconds: seconds)
        case .tooMuch: throw .tooMuchOutput(command: command.text, limit: limit)
        case .finished: break
        }
        guard status == 0 else {
            // A signal number or exit status, as wait(2) packs them.
            let code = status & 0x7f == 0 ? status >> 8 & 0xff : -(status & 0x7f)
            throw .failed(command: command.text, status: code, message: capture.message)
        }
        return String(decoding: capture.bytes, as: UTF8.self)
    }

    private func spawn(
        _ command: HostCommand, _ path: String, _ output: Int32, _ errors: Int32
    ) throws(InspectionError) -> pid_t {
        var arguments: [UnsafeMutablePointer<CChar>?] = ([command.name] + command.arguments).map { strdup($0) } + [nil]
        var environment: [UnsafeMutablePointer<CChar>?] = HostCommand.environment.map { strdup($0) } + [nil]
        defer { for text in arguments + environment { free(text) } }
        var process: pid_t = 0
        var entered: Int32 = 0
        let result = nt_spawn_in_namespace(entrance, path, &arguments, &environment, output, errors, &process, &entered)
        guard result == 0 else {
            if entered == 0, result == -EPERM { throw .noPermission(to: "enter the network namespace \(inode)") }
            throw .noResources(command: command.text, Errno(rawValue: -result))
        }
        return process
    }

    /// Waits for a process that has closed its pipes, and kills it if it outlives the deadline.
    private static func reap(_ process: pid_t, until deadline: UInt64) -> Int32 {
        var status: Int32 = 0
        while Clock.now < deadline {
            let reaped = waitpid(process, &status, WNOHANG)
            if reaped == process { return status }
            guard reaped == 0 || errno == EINTR else { return notReaped }
            usleep(1000)
        }
        kill(process, SIGKILL)
        while waitpid(process, &status, 0) < 0 {
            if errno != EINTR { return notReaped }
        }
        return status
    }

    /// Exit status 127, used if another part of the program has already waited for the process.
    private static var notReaped: Int32 { 127 << 8 }
}

/// CLOCK_MONOTONIC, the clock of events.
public enum Clock {
    /// Current time in nanoseconds.
    public static var now: UInt64 {
        var time = timespec()
        clock_gettime(CLOCK_MONOTONIC, &time)
        return UInt64(time.tv_sec) * 1_000_000_000 + UInt64(time.tv_nsec)
    }
}
