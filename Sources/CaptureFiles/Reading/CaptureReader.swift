public import SystemPackage

/// Reads the packets of a capture file of any of the formats, which its first bytes show. The file may be a pipe.
///
///     var reader = try CaptureReader(path: "trace.pcapng")
///     while try reader.next() { use(reader.packet) }
///
/// The memory used does not depend on the size of the file. After an error there are no further packets; those before it
/// were delivered.
public struct CaptureReader: ~Copyable {
    /// Fills the beginning of the buffer and returns the number of bytes, 0 at the end.
    public typealias Source = (UnsafeMutableRawBufferPointer) throws(Errno) -> Int

    /// The name of the file, for errors.
    public let name: String
    public let format: CaptureFormat
    public private(set) var contents = CaptureContents()
    /// Packets read.
    public private(set) var packetCount: UInt64 = 0
    private var input: CaptureInput
    private var parser: any CaptureParser
    private var record = PacketRecord()
    private var hasEnded = false
    private let descriptor: OwnedDescriptor?

    /// The most bytes of a packet, as in other readers; a larger number in a file is an error.
    public static let packetLimit = 262_144

    public init(name: String, source: @escaping Source) throws(CaptureError) {
        try self.init(name: name, source, descriptor: nil)
    }

    /// Opens a file; "-" is standard input. The reader closes it.
    public init(path: FilePath) throws(CaptureError) {
        let descriptor: OwnedDescriptor
        do throws(Errno) {
            descriptor = try OwnedDescriptor(path)
        } catch {
            throw CaptureError(file: path.string, offset: 0, packets: 0, problem: .cannotOpen(error))
        }
        let name = path == "-" ? "standard input" : path.string
        try self.init(name: name, descriptor.read, descriptor: descriptor)
    }

    private init(name: String, _ source: @escaping Source, descriptor: OwnedDescriptor?) throws(CaptureError) {
        var input = CaptureInput(source)
        var contents = CaptureContents()
        let opened: (format: CaptureFormat, parser: any CaptureParser)
        do throws(CaptureFault) {
            opened = try CaptureFormat.open(&input, &contents)
        } catch {
            throw CaptureError(file: name, offset: error.offset ?? 0, packets: 0, problem: error.problem)
        }
        self.name = name
        self.descriptor = descriptor
        self.input = input
        self.contents = contents
        format = opened.format
        parser = opened.parser
    }

    /// Whether the next packet has to be waited for: all bytes that arrived were consumed.
    public var isDrained: Bool { input.bytes.isEmpty }

    /// Offset in the file of the last packet's record.
    public var packetOffset: UInt64 { record.offset }

    public var interfaces: [CaptureInterface] { contents.interfaces }

    /// Reads the next packet, which is then `packet`. Returns false at the end of the file.
    public mutating func next() throws(CaptureError) -> Bool {
        guard !hasEnded else { return false }
        record = PacketRecord(offset: input.offset)
        do throws(CaptureFault) {
            guard try parser.next(&input, &record, &contents) else {
                hasEnded = true
                return false
            }
        } catch {
            hasEnded = true
            let offset = error.offset ?? record.offset
            record = PacketRecord()
            throw CaptureError(file: name, offset: offset, packets: packetCount, problem: error.problem)
        }
        packetCount += 1
        return true
    }

    /// The packet that `next` has read.
    public var packet: PacketView {
        @_lifetime(borrow self)
        get { PacketView(record, in: input.buffer) }
    }
}

/// Reads the records of one format.
protocol CaptureParser {
    /// Reads up to the next packet. Returns false at the end of the file.
    ///
    /// - Parameter record: empty, with the current offset, which a parser replaces by that of the packet's record.
    mutating func next(
        _ input: inout CaptureInput, _ record: inout PacketRecord, _ contents: inout CaptureContents
    ) throws(CaptureFault) -> Bool
}

extension CaptureFormat {
    /// Finds the format of a file and reads its header.
    fileprivate static func open(
        _ input: inout CaptureInput, _ contents: inout CaptureContents
    ) throws(CaptureFault) -> (CaptureFormat, any CaptureParser) {
        _ = try input.require(magicSize)
        guard let format = CaptureFormat(start: input.bytes) else { throw CaptureFault(refusal(input.bytes)) }
        let parser: any CaptureParser =
            switch format {
            case .pcap: try PcapParser(&input, &contents)
            case .pcapng: PcapNGParser()
            case .snoop: try SnoopParser(&input, &contents)
            case .iptrace1, .iptrace2: IptraceParser(format, &input)
            }
        return (format, parser)
    }
}

/// A file that is closed when its last owner is released.
private final class OwnedDescriptor {
    private let descriptor: FileDescriptor
    private let isStandardInput: Bool

    init(_ path: FilePath) throws(Errno) {
        isStandardInput = path == "-"
        do {
            descriptor =
                isStandardInput ? .standardInput : try FileDescriptor.open(path, .readOnly, options: .closeOnExec)
        } catch {
            throw error as? Errno ?? .ioError
        }
    }

    deinit {
        if !isStandardInput { try? descriptor.close() }
    }

    /// read(2), repeated after signals.
    func read(into buffer: UnsafeMutableRawBufferPointer) throws(Errno) -> Int {
        do {
            return try descriptor.read(into: buffer, retryOnInterrupt: true)
        } catch {
            throw error as? Errno ?? .ioError
        }
    }
}
