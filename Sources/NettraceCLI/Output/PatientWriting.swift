import Glibc
import KernelAccess
import SystemPackage

extension FileDescriptor {
    /// Writes all bytes, and waits for the reader as long as it takes. After a stop signal, it waits at most
    /// `readerPause`, so that a stuck reader cannot keep the run from ending; each write(2) then gets no more than a
    /// pipe accepts at once. After a second signal it does not wait.
    func writePatiently(_ bytes: UnsafeRawBufferPointer) throws {
        var rest = bytes[...]
        while !rest.isEmpty {
            let isEnding = StopSignals.received
            if isEnding, !acceptsBeforeTheEnd() { throw Errno.timedOut }
            let portion = isEnding ? rest.prefix(Int(PIPE_BUF)) : rest
            do {
                let count = try write(UnsafeRawBufferPointer(rebasing: portion), retryOnInterrupt: false)
                rest = rest.dropFirst(count)
            } catch Errno.interrupted {
                continue
            } catch Errno.resourceTemporarilyUnavailable {
                // Another process that shares the pipe has made it non-blocking.
                _ = accepts(withinMilliseconds: 100)
            }
        }
    }

    /// Waits until a write will not block. Returns false after `readerPause`, or after a second signal.
    private func acceptsBeforeTheEnd() -> Bool {
        let end = ContinuousClock.now + readerPause
        while !accepts(withinMilliseconds: StopSignals.areUrgent ? 0 : 100) {
            guard !StopSignals.areUrgent, ContinuousClock.now < end else { return false }
        }
        return true
    }

    /// Returns false on timeout, or if a signal interrupts the wait.
    private func accepts(withinMilliseconds timeout: Int32) -> Bool {
        var descriptor = pollfd(fd: rawValue, events: Int16(POLLOUT), revents: 0)
        return poll(&descriptor, 1, timeout) > 0
    }
}

/// How long a reader may pause after a stop signal.
private let readerPause: Duration = .seconds(2)
