import Glibc
import KernelAccess
import SystemPackage

/// Standard input, or a pipe or device by its name: bytes that may have to be waited for. A stop signal ends it.
struct WaitingSource {
    let name: String
    private let descriptor: FileDescriptor

    /// Milliseconds after which a signal takes effect that arrived just before the wait.
    private static let pause: Int32 = 100

    /// Returns nil for a plain file, and for one that cannot be opened: its reader says why.
    init?(_ path: String) {
        if path == "-" {
            name = "standard input"
            descriptor = .standardInput
            return
        }
        var status = stat()
        guard stat(path, &status) == 0, status.st_mode & S_IFMT == S_IFIFO,
            let opened = try? FileDescriptor.open(FilePath(path), .readOnly, options: .closeOnExec)
        else { return nil }
        name = path
        descriptor = opened
    }

    init(name: String, _ descriptor: FileDescriptor) {
        self.name = name
        self.descriptor = descriptor
    }

    /// read(2) as soon as there are bytes; 0 after a stop signal.
    func read(into buffer: UnsafeMutableRawBufferPointer) throws(Errno) -> Int {
        while !StopSignals.received {
            var waited = pollfd(fd: descriptor.rawValue, events: Int16(POLLIN), revents: 0)
            guard poll(&waited, 1, Self.pause) > 0 else { continue }
            do {
                return try descriptor.read(into: buffer, retryOnInterrupt: false)
            } catch Errno.interrupted {
                continue
            } catch {
                throw error as? Errno ?? .ioError
            }
        }
        return 0
    }
}
