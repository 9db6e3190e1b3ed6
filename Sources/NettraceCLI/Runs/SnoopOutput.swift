import CaptureFiles
import Glibc
import Protocols
import Snoop
import SystemPackage
import Text

/// The output of netsnoop: packets in the form that was asked for, or a file.
struct SnoopOutput: ~Copyable {
    /// One of them is there. Each is changed in place: a copy would copy its memory with each packet.
    private struct Printers {
        var text: PacketText?
        var json: PacketJSON?
        var fields: FieldColumns?
        var table: TrafficTable?
        var file: TraceWriter?
        var stream: StreamText?
    }

    private var printers = Printers()
    private var buffer = ByteBuffer()
    private var sink = OutputSink.standardOutput
    /// The file of `-o`.
    private let descriptor: FileDescriptor?
    private let file: String
    /// Packets that are printed together; nil: as many as fill the buffer, or as there are at the moment.
    private let group: Int?
    private var waiting = 0

    /// The reader has left, or the disk is full.
    private(set) var isClosed = false

    /// Bytes that are written at once.
    private static let portion = 64 << 10
    /// Bytes from which a group of packets is written before it is complete.
    private static let limit = 16 << 20

    init(_ request: SnoopRequest, names: SystemNames, servers: (any NameServing)?) throws {
        group = request.buffer
        var descriptor: FileDescriptor?
        var file = ""
        switch request.form {
        case .text: printers.text = PacketText(request.display, names: names, servers: servers)
        case .json: printers.json = PacketJSON()
        case .table: printers.table = TrafficTable()
        case .stream: printers.stream = StreamText()
        case .fields(let names):
            do { printers.fields = try FieldColumns(names) } catch { throw RunError("\(error)") }
        case .file(let name):
            printers.file = TraceWriter(name: name)
            descriptor = try Self.create(name, reading: request.input)
            file = name
        }
        self.descriptor = descriptor
        self.file = file
    }

    deinit { if let descriptor, descriptor != .standardOutput { try? descriptor.close() } }

    /// Opens a file for writing, but not the one that is read, and empties it.
    private static func create(_ name: String, reading input: SnoopInput) throws -> FileDescriptor {
        guard name != "-" else { return .standardOutput }
        do {
            // Packets may hold secrets: only the user can read the file.
            let descriptor = try FileDescriptor.open(
                FilePath(name), .writeOnly, options: [.create, .closeOnExec], permissions: [.ownerReadWrite])
            var written = stat()
            var read = stat()
            var isSame = false
            if case .file(let input) = input, input != "-", stat(input, &read) == 0 {
                isSame =
                    fstat(descriptor.rawValue, &written) == 0 && written.st_ino == read.st_ino
                    && written.st_dev == read.st_dev
            }
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
        if printers.text != nil {
            buffer.append(contentsOf: line.utf8)
        } else {
            var messages = OutputSink.messages
            messages.write(line)
        }
    }

    mutating func append(
        _ packet: borrowing PacketView, _ bytes: borrowing PacketBytes, _ layers: borrowing PacketLayers,
        number: UInt64, error: String?, _ interfaces: [CaptureInterface]
    ) throws {
        printers.text?.append(packet, bytes: bytes, layers, number: number, error: error, to: &buffer)
        printers.json?.append(packet, bytes: bytes, layers, number: number, error: error, to: &buffer)
        printers.fields?.append(packet, bytes: bytes, layers, number: number, to: &buffer)
        printers.table?.add(layers, bytes.decoded, length: packet.wireLength)
        do {
            try printers.file?.append(packet, bytes: bytes.received, interfaces, to: &buffer)
        } catch {
            throw RunError("-o '\(file)': \(error)")
        }
        waiting += 1
        if waiting >= group ?? .max || buffer.count >= (group == nil ? Self.portion : Self.limit) { try flush() }
    }

    /// Prints the data of a packet of the stream that is followed.
    mutating func follow(_ layers: borrowing PacketLayers, _ bytes: RawSpan, matches: Bool) throws {
        printers.stream?.append(layers, bytes, matches: matches, to: &buffer)
        if buffer.count >= Self.portion { try flush() }
    }

    /// Writes what there is, unless packets are printed in groups.
    mutating func flushUngrouped() throws {
        if group == nil { try flush() } else { sink.checkReader() }
    }

    mutating func finish() throws {
        printers.table?.append(to: &buffer)
        printers.file?.finish(to: &buffer)
        printers.stream?.finish(to: &buffer)
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
