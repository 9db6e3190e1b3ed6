import Glibc
import KernelAccess
import Recording
import Rendering
import Synchronization
import SystemPackage
import Text

/// Bytes → file descriptor. Knows whether the reader is still there.
struct OutputSink {
    let descriptor: FileDescriptor
    /// The reader has left (EPIPE): nothing more can be delivered. `| head` ends a trace this way.
    private(set) var isClosed = false
    /// Another error that ended the output, such as a full disk.
    private(set) var failure: Errno?

    static let standardOutput = OutputSink(descriptor: .standardOutput)
    static let standardError = OutputSink(descriptor: .standardError)

    /// A file that the caller has opened, and closes.
    static func opened(_ file: FileDescriptor, name: String) -> OutputSink { OutputSink(descriptor: file, name: name) }

    /// A file; if it does not exist, it is created for its owner alone, since output may contain secrets.
    static func appending(to path: String) throws -> OutputSink {
        do {
            return OutputSink(
                descriptor: try FileDescriptor.open(
                    path, .writeOnly, options: [.append, .create, .closeOnExec],
                    permissions: .ownerReadWrite))
        } catch {
            throw RunError("cannot write to '\(path)': \(error)")
        }
    }

    /// Standard error for informational messages; discards them with --quiet.
    static var messages: OutputSink {
        OutputSink(descriptor: .standardError, discards: manners.withLock { $0.isQuiet })
    }

    /// The user's settings for messages: --color, --quiet.
    struct Manners {
        enum Colour: String, CaseIterable { case auto, always, never }

        var colour = Colour.auto
        var isQuiet = false
    }

    static let manners = Mutex(Manners())

    private let discards: Bool
    /// For errors.
    private let name: String

    init(descriptor: FileDescriptor, discards: Bool = false, name: String = "standard output") {
        self.descriptor = descriptor
        self.discards = discards
        self.name = name
    }

    /// A file that only its owner may read, since packets contain secrets; "-" is standard output.
    static func file(_ path: String) throws -> OutputSink {
        guard path != "-" else { return .standardOutput }
        do throws(RecordingError) {
            return OutputSink(descriptor: try RecordingFile.create(FilePath(path)), name: path)
        } catch {
            throw RunError("\(path): \(error)")
        }
    }

    /// A named pipe that its reader has made.
    static func pipe(_ path: String) throws -> OutputSink {
        do {
            let pipe = OutputSink(
                descriptor: try FileDescriptor.open(path, .writeOnly, options: .closeOnExec), name: path)
            guard pipe.kind == S_IFIFO else { throw RunError("\(path): not a pipe") }
            return pipe
        } catch let error as Errno {
            throw RunError("\(path): cannot open it: \(error)")
        }
    }

    var isRegularFile: Bool { kind == S_IFREG }

    /// S_IFMT of the descriptor's mode.
    private var kind: mode_t {
        var status = stat()
        return fstat(descriptor.rawValue, &status) == 0 ? status.st_mode & S_IFMT : 0
    }

    var isTerminal: Bool { !discards && isatty(descriptor.rawValue) == 1 }

    /// Rows and columns of the terminal; nil if it is none. tty_ioctl(4).
    var terminalSize: (rows: Int, columns: Int)? {
        var size = winsize()
        guard ioctl(descriptor.rawValue, UInt(TIOCGWINSZ), &size) == 0 else { return nil }
        // A serial line does not know its size.
        return (size.ws_row > 0 ? Int(size.ws_row) : 24, size.ws_col > 0 ? Int(size.ws_col) : 80)
    }

    /// By default, colour is on for a terminal without NO_COLOR (https://no-color.org).
    var wantsColour: Bool {
        switch Self.manners.withLock({ $0.colour }) {
        case .always: return true
        case .never: return false
        case .auto: break
        }
        return isTerminal && (getenv("NO_COLOR").map { $0.pointee == 0 } ?? true)
            && getenv("TERM").map { strcmp($0, "dumb") != 0 } ?? false
    }

    /// Writes all bytes and empties the buffer in any case. Returns false if nothing more can be written.
    mutating func write(_ buffer: inout ByteBuffer) -> Bool {
        defer { buffer.removeAll() }
        guard !isClosed else { return false }
        guard !discards else { return true }
        do {
            try buffer.withUnsafeBytes { bytes in try descriptor.writePatiently(bytes) }
            return true
        } catch {
            isClosed = true
            if let error = error as? Errno, error != .brokenPipe { failure = error }
            return false
        }
    }

    /// Writes text in which quoted names and arguments are made safe for a terminal.
    mutating func write(_ text: String) { writeControl(PrintableText.message(text)) }

    /// Writes text that may contain control sequences for the terminal.
    mutating func writeControl(_ text: String) {
        var buffer = ByteBuffer(capacity: text.utf8.count)
        buffer.append(contentsOf: text.utf8)
        _ = write(&buffer)
    }

    /// The reason why not everything could be written, unless the reader has left.
    var complaint: String? {
        failure.map { error in
            let reason =
                ProcessSetup.wasClosed(descriptor.rawValue)
                ? "it is closed" : error == .timedOut ? "its reader has stopped reading" : "\(error)"
            return "cannot write to \(name): \(reason)"
        }
    }

    /// Throws if the output was not written completely. For commands that only print something.
    func requireWritten() throws {
        if let complaint { throw RunError(complaint) }
    }

    /// Detects that the reader of a pipe has left: poll(2) reports an error without a write.
    mutating func checkReader() {
        var descriptor = pollfd(fd: descriptor.rawValue, events: 0, revents: 0)
        if poll(&descriptor, 1, 0) > 0, Int32(descriptor.revents) & (POLLERR | POLLNVAL) != 0 { isClosed = true }
    }
}
