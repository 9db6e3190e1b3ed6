import Glibc
import KernelAccess
import SystemPackage

extension FileDescriptor {
    /// Writes all of it and waits as long as the reader takes. Once the run is to end, no longer than a pause of the reader may
    /// last, for a reader that has stopped must not keep it from ending: then write(2) gets no more than a pipe takes at once.
    func writePatiently(_ bytes: UnsafeRawBufferPointer) throws {
        var rest = bytes[...]
        while !rest.isEmpty {
            let isEnding = StopSignals.received
            if isEnding, !accepts(withinMilliseconds: readerPause) { throw Errno.timedOut }
            let portion = isEnding ? rest.prefix(Int(PIPE_BUF)) : rest
            do {
                let count = try write(UnsafeRawBufferPointer(rebasing: portion), retryOnInterrupt: false)
                rest = rest.dropFirst(count)
            } catch Errno.interrupted {
                continue
            } catch Errno.resourceTemporarilyUnavailable {
                // Whoever shares the pipe has made it non-blocking.
                _ = accepts(withinMilliseconds: 100)
            }
        }
    }

    private func accepts(withinMilliseconds timeout: Int32) -> Bool {
        var descriptor = pollfd(fd: rawValue, events: Int16(POLLOUT), revents: 0)
        return poll(&descriptor, 1, timeout) != 0
    }
}

extension Errno {
    /// What it means where writePatiently throws it.
    var ofWriting: String { self == .timedOut ? "its reader has stopped reading" : "\(self)" }
}

/// How long a reader may pause when the run is to end, in milliseconds.
private let readerPause: Int32 = 2000
