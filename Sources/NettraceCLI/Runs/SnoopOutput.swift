import CaptureFiles
import Glibc
import Protocols
import Snoop
import SystemPackage
import Text

/// The output of netsnoop: packets in the form that was asked for, or a file.
struct SnoopOutput: ~Copyable {
    private enum Printer {
        case text(PacketText), json(PacketJSON), fields(FieldColumns), table(TrafficTable), file(TraceWriter)
    }

    private var printer: Printer
    private var buffer = ByteBuffer()
    private var sink = OutputSink.standardOutput
    /// The file of `-o`.
    private let descriptor: FileDescriptor?
    private let file: String
    /// Packets that are printed together; nil: as many as fill the buffer.
    private let group: Int?
    private var waiting = 0

    /// The reader has left, or the disk is full.
    private(set) var isClosed = false

    /// Bytes that are written at once.
    private static let portion = 64 << 10
    /// Bytes from which a group of packets is written before it is complete.
    private static let limit = 16 << 20

    init(_ request: SnoopRequest, names: SystemNames) throws {
        // Packets of a pipe are printed as they come.
        group = request.buffer ?? (request.input == "-" ? 1 : nil)
        (printer, descriptor, file) = try Self.opened(request, names)
    }

    /// The printer of a form, and the file of `-o` and its name.
    private static func opened(
        _ request: SnoopRequest, _ names: SystemNames
    ) throws -> (Printer, FileDescriptor?, String) {
        switch request.form {
        case .text: return (.text(PacketText(request.display, names: names)), nil, "")
        case .json: return (.json(PacketJSON()), nil, "")
        case .table: return (.table(TrafficTable()), nil, "")
        case .fields(let names):
            do throws(FieldColumns.UnknownField) {
                return (.fields(try FieldColumns(names)), nil, "")
            } catch {
                throw RunError("\(error)")
            }
        case .file(let name):
            return (.file(TraceWriter(name: name)), try create(name, reading: request.input), name)
        }
    }

    deinit { if let descriptor, descriptor != .standardOutput { try? descriptor.close() } }

    /// Opens a file for writing, but not the one that is read, and empties it.
    private static func create(_ name: String, reading input: String) throws -> FileDescriptor {
        guard name != "-" else { return .standardOutput }
        do {
            // Packets may hold secrets: only the user can read the file.
            let descriptor = try FileDescriptor.open(
                FilePath(name), .writeOnly, options: [.create, .closeOnExec], permissions: [.ownerReadWrite])
            var written = stat()
            var read = stat()
            let isSame =
                fstat(descriptor.rawValue, &written) == 0 && input != "-" && stat(input, &read) == 0
                && written.st_ino == read.st_ino && written.st_dev == read.st_dev
            guard !isSame else {
                try? descriptor.close()
                throw RunError("-o '\(name)' is the file that is read: name another one")
            }
            _ = ftruncate(descriptor.rawValue, 0)
            return descriptor
        } catch let error as Errno {
            throw RunError("-o '\(name)': \(error)")
        }
    }

    /// Prints a line before the packets: with text forms on standard output, otherwise on standard error.
    mutating func announce(_ line: String) {
        if case .text = printer {
            buffer.append(contentsOf: line.utf8)
        } else {
            var messages = OutputSink.messages
            messages.write(line)
        }
    }

    mutating func append(
        _ packet: borrowing PacketView, bytes: RawSpan, _ layers: borrowing PacketLayers, number: UInt64,
        _ interfaces: [CaptureInterface]
    ) throws {
        switch printer {
        case .text(var text):
            text.append(packet, bytes: bytes, layers, number: number, to: &buffer)
            printer = .text(text)
        case .json(var json):
            json.append(packet, bytes: bytes, layers, number: number, to: &buffer)
            printer = .json(json)
        case .fields(var fields):
            fields.append(packet, bytes: bytes, layers, number: number, to: &buffer)
            printer = .fields(fields)
        case .table(var table):
            printer = .json(PacketJSON())
            table.add(layers, bytes, length: packet.wireLength)
            printer = .table(table)
        case .file(var writer):
            do throws(TraceWriter.Refusal) {
                try writer.append(packet, bytes: bytes, interfaces, to: &buffer)
            } catch {
                throw RunError("-o '\(file)': \(error)")
            }
            printer = .file(writer)
        }
        waiting += 1
        if waiting >= group ?? .max || buffer.count >= (group == nil ? Self.portion : Self.limit) { try flush() }
    }

    mutating func finish() throws {
        switch printer {
        case .table(let table): table.append(to: &buffer)
        case .file(var writer):
            writer.finish(to: &buffer)
            printer = .file(writer)
        default: break
        }
        try flush()
        try sink.requireWritten()
    }

    private mutating func flush() throws {
        waiting = 0
        guard !buffer.isEmpty else { return }
        guard let descriptor else {
            isClosed = !sink.write(&buffer)
            return
        }
        defer { buffer.removeAll() }
        do {
            try buffer.withUnsafeBytes { bytes in try descriptor.writePatiently(bytes) }
        } catch {
            isClosed = true
            throw RunError("-o '\(file)': \(error)")
        }
    }
}
