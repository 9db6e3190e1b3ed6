import Glibc
import KernelAccess
import SystemPackage

extension FileDescriptor {
    /// Writes all of it and waits as long as the reader takes. Once the run is to end, no longer than a pause of the reader may
    /// last, for a reader that has stopped must not keep it from ending: then write(2) gets no more than a pipe takes at once.
    /// Once it is to end at once, no longer at all.
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
                // Whoever shares the pipe has made it non-blocking.
                _ = accepts(withinMilliseconds: 100)
            }
        }
    }

    /// Waits until bytes can be written without waiting. False when the reader's pause is over, or a second signal has come.
    private func acceptsBeforeTheEnd() -> Bool {
        let end = ContinuousClock.now + readerPause
        while !accepts(withinMilliseconds: StopSignals.areUrgent ? 0 : 100) {
            guard !StopSignals.areUrgent, ContinuousClock.now < end else { return false }
        }
        return true
    }

    /// A signal that interrupts the wait tells nothing of the reader.
    private func accepts(withinMilliseconds timeout: Int32) -> Bool {
        var descriptor = pollfd(fd: rawValue, events: Int16(POLLOUT), revents: 0)
        return poll(&descriptor, 1, timeout) > 0
    }
}

/// How long a reader may pause when the run is to end.
private let readerPause: Duration = .seconds(2)
