import Glibc

/// The read end of a tracer's standard output; keeps the last line.
struct OutputTail: ~Copyable {
    /// For the child; closed here once the child has inherited it.
    let writer: Int32
    private let reader: Int32
    private var isWriterOpen = true
    /// The last bytes that were read, enough for a summary.
    private var tail: [UInt8] = []
    private var chunk = [UInt8](repeating: 0, count: 256 << 10)

    init() throws(BenchmarkError) {
        var ends: [Int32] = [-1, -1]
        guard pipe(&ends) == 0 else { throw BenchmarkError(failed: "make a pipe") }
        // Otherwise the child would inherit the read end as well, and never detect that the reader is gone.
        for end in ends { _ = fcntl(end, F_SETFD, FD_CLOEXEC) }
        reader = ends[0]
        writer = ends[1]
    }

    deinit {
        close(reader)
        if isWriterOpen { close(writer) }
    }

    mutating func closeWriter() {
        close(writer)
        isWriterOpen = false
    }

    /// Reads until no data has arrived for a millisecond.
    mutating func readAvailable() throws(BenchmarkError) {
        var wait = pollfd(fd: reader, events: Int16(POLLIN), revents: 0)
        while poll(&wait, 1, 1) > 0, try readChunk() {}
    }

    mutating func readToEnd() throws(BenchmarkError) {
        while try readChunk() {}
    }

    var lastLine: [UInt8] {
        tail.split(separator: UInt8(ascii: "\n")).last.map(Array.init) ?? []
    }

    /// Returns false at the end.
    private mutating func readChunk() throws(BenchmarkError) -> Bool {
        let count = read(reader, &chunk, chunk.count)
        guard count >= 0 || errno == EINTR else { throw BenchmarkError(failed: "read nettrace's output") }
        guard count > 0 else { return count < 0 }
        tail += chunk[..<count]
        if tail.count > 128 << 10 { tail.removeFirst(tail.count - (64 << 10)) }
        return true
    }
}
