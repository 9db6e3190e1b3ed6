internal import Glibc

/// A pipe whose ends are closed on deinit.
final class Pipe {
    let readEnd: Int32
    private(set) var writeEnd: Int32

    init?() {
        var ends: [Int32] = [-1, -1]
        guard pipe(&ends) == 0 else { return nil }
        for end in ends { _ = fcntl(end, F_SETFD, FD_CLOEXEC) }
        (readEnd, writeEnd) = (ends[0], ends[1])
    }

    func closeWriteEnd() {
        guard writeEnd >= 0 else { return }
        close(writeEnd)
        writeEnd = -1
    }

    deinit {
        closeWriteEnd()
        close(readEnd)
    }
}

/// Collects the output of a process.
struct Capture {
    enum Ending { case finished, timedOut, tooMuch }

    let output: Int32
    let errors: Int32
    let limit: Int
    private(set) var bytes: [UInt8] = []
    private var complaints: [UInt8] = []
    private var buffer = [UInt8](repeating: 0, count: 65536)

    init(output: Int32, errors: Int32, limit: Int) {
        self.output = output
        self.errors = errors
        self.limit = limit
    }

    /// The first line of standard error.
    var message: String {
        String(String(decoding: complaints, as: UTF8.self).prefix { !$0.isNewline })
    }

    /// Reads until the process has closed both pipes. Standard error beyond 4 KiB is read and discarded, so that the process
    /// never blocks on a full pipe.
    ///
    /// - Parameter deadline: on CLOCK_MONOTONIC, in nanoseconds.
    mutating func collect(until deadline: UInt64) -> Ending {
        var waiting = [
            pollfd(fd: output, events: Int16(POLLIN), revents: 0),
            pollfd(fd: errors, events: Int16(POLLIN), revents: 0),
        ]
        while waiting.contains(where: { $0.fd >= 0 }) {
            let now = Clock.now
            guard now < deadline else { return .timedOut }
            let ready = poll(&waiting, 2, Int32(min((deadline - now) / 1_000_000 + 1, 1000)))
            if ready <= 0 { continue }
            for index in waiting.indices where waiting[index].fd >= 0 && waiting[index].revents != 0 {
                let count = read(waiting[index].fd, &buffer, buffer.count)
                if count < 0, errno == EINTR { continue }
                guard count > 0 else {
                    // poll(2) ignores negative descriptors.
                    waiting[index].fd = -1
                    continue
                }
                if index == 0 {
                    bytes += buffer[..<count]
                    if bytes.count > limit { return .tooMuch }
                } else if complaints.count < 4096 {
                    complaints += buffer[..<count]
                }
            }
        }
        return .finished
    }
}
