import DRuntime
import Glibc
import SystemPackage
import Text

/// The output of a D program, which the program itself can send to other files.
struct DOutput {
    /// Of the run.
    private let first: OutputSink
    private var sink: OutputSink
    /// The file that freopen() has opened.
    private var file: FileDescriptor?

    init(_ sink: OutputSink) {
        first = sink
        self.sink = sink
    }

    var isClosed: Bool { sink.isClosed }
    var complaint: String? { sink.complaint }

    mutating func checkReader() { if file == nil { sink.checkReader() } }

    /// Writes all, and carries out requests at their places in between.
    mutating func write(_ buffer: inout ByteBuffer, _ requests: [OutputRequest]) throws {
        guard !requests.isEmpty else {
            if !buffer.isEmpty { _ = sink.write(&buffer) }
            return
        }
        let bytes = buffer.withUnsafeBytes { Array($0) }
        buffer.removeAll()
        var done = 0
        for request in requests {
            try write(bytes[done..<max(done, min(request.offset, bytes.count))])
            done = max(done, min(request.offset, bytes.count))
            try perform(request.kind)
        }
        try write(bytes[done...])
    }

    private mutating func write(_ bytes: ArraySlice<UInt8>) throws {
        guard !bytes.isEmpty else { return }
        var part = ByteBuffer(capacity: bytes.count)
        part.append(contentsOf: bytes)
        _ = sink.write(&part)
    }

    private mutating func perform(_ kind: OutputRequest.Kind) throws {
        switch kind {
        case .reopen(let path):
            try file?.close()
            file = nil
            sink = first
            guard !path.isEmpty else { return }
            do {
                let opened = try FileDescriptor.open(
                    FilePath(path), .writeOnly, options: [.create, .truncate, .closeOnExec],
                    permissions: .ownerReadWrite)
                file = opened
                sink = OutputSink.opened(opened, name: path)
            } catch {
                throw RunError("freopen(\"\(path)\"): cannot open the file: \(error)")
            }
        case .truncate:
            // Terminals and pipes have nothing to empty.
            let descriptor = sink.descriptor
            if lseek(descriptor.rawValue, 0, SEEK_SET) == 0 { _ = ftruncate(descriptor.rawValue, 0) }
        case .run(let command): Self.run(command)
        case .restart: break
        }
    }

    /// system(3) of the command, whose output goes where that of the run does.
    private static func run(_ command: String) {
        let words = ["/bin/sh", "-c", command]
        var arguments: [UnsafeMutablePointer<CChar>?] = words.map { strdup($0) } + [nil]
        defer { for argument in arguments { free(argument) } }
        var process: pid_t = 0
        guard posix_spawn(&process, "/bin/sh", nil, nil, &arguments, environ) == 0 else { return }
        var status: Int32 = 0
        while waitpid(process, &status, 0) < 0, errno == EINTR {}
    }
}
