import Glibc
import KernelAccess
import Rendering
import Synchronization
import SystemPackage

/// Bytes → file descriptor. Knows whether anybody is still reading.
struct OutputSink {
    let descriptor: FileDescriptor
    /// The reader is gone (EPIPE): nothing more can be delivered, which is how `| head` ends a trace.
    private(set) var isClosed = false
    /// What else ended it, such as a full disk.
    private(set) var failure: Errno?

    static let standardOutput = OutputSink(descriptor: .standardOutput)
    static let standardError = OutputSink(descriptor: .standardError)

    /// Standard error for what only informs: nowhere with --quiet.
    static var messages: OutputSink {
        OutputSink(descriptor: .standardError, discards: manners.withLock { $0.isQuiet })
    }

    /// How the user wants to be spoken to: --color, --quiet.
    struct Manners {
        enum Colour: String, CaseIterable { case auto, always, never }

        var colour = Colour.auto
        var isQuiet = false
    }

    static let manners = Mutex(Manners())

    private let discards: Bool

    private init(descriptor: FileDescriptor, discards: Bool = false) {
        self.descriptor = descriptor
        self.discards = discards
    }

    var isTerminal: Bool { !discards && isatty(descriptor.rawValue) == 1 }

    /// Rows and columns of the terminal, if it is one; tty_ioctl(4).
    var terminalSize: (rows: Int, columns: Int)? {
        var size = winsize()
        guard ioctl(descriptor.rawValue, UInt(TIOCGWINSZ), &size) == 0 else { return nil }
        // A serial line does not know.
        return (size.ws_row > 0 ? Int(size.ws_row) : 24, size.ws_col > 0 ? Int(size.ws_col) : 80)
    }

    /// Colour is for people: a terminal, and no NO_COLOR (https://no-color.org).
    var wantsColour: Bool {
        switch Self.manners.withLock({ $0.colour }) {
        case .always: return true
        case .never: return false
        case .auto: break
        }
        return isTerminal && (getenv("NO_COLOR").map { $0.pointee == 0 } ?? true)
            && getenv("TERM").map { strcmp($0, "dumb") != 0 } ?? false
    }

    /// Writes all of it and empties the buffer, whatever happens. Returns false when that is not possible any more.
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

    /// Quoted names and arguments are made safe for a terminal.
    mutating func write(_ text: String) { writeControl(PrintableText.message(text)) }

    /// What is meant to act on a terminal.
    mutating func writeControl(_ text: String) {
        var buffer = ByteBuffer(capacity: text.utf8.count)
        buffer.append(contentsOf: text.utf8)
        _ = write(&buffer)
    }

    /// Why not all could be written, if that is more than the reader having left.
    var complaint: String? {
        failure.map { error in
            let reason =
                ProcessSetup.wasClosed(descriptor.rawValue)
                ? "it is closed" : error == .timedOut ? "its reader has stopped reading" : "\(error)"
            return "cannot write to standard output: \(reason)"
        }
    }

    /// The end of what was asked for and is only printed: fails where it could not be.
    func requireWritten() throws {
        if let complaint { throw RunError(complaint) }
    }

    /// A pipe whose reader has left reports an error without being written to.
    mutating func checkReader() {
        var descriptor = pollfd(fd: descriptor.rawValue, events: 0, revents: 0)
        if poll(&descriptor, 1, 0) > 0, Int32(descriptor.revents) & (POLLERR | POLLNVAL) != 0 { isClosed = true }
    }
}
