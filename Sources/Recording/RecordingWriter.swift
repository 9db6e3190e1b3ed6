public import SystemPackage

/// Writes a recording to a file descriptor while the run goes on.
///
/// Every method that writes throws `RecordingError.cannotWrite` where the disk is full or the reader of a pipe is gone;
/// what was written before stays readable.
public struct RecordingWriter: ~Copyable {
    /// Writes all of the bytes, or throws.
    public typealias Write = (FileDescriptor, UnsafeRawBufferPointer) throws -> Void

    private let descriptor: FileDescriptor
    private let writeAll: Write
    private var encoder: RecordingEncoder
    private var known: Set<UInt64> = []
    private var owners: [UInt64: RecordedSocketOwner] = [:]
    private var cgroups: Set<UInt64> = []
    /// Of owners, those that took the place of others included.
    private var recordedOwners = 0
    /// Records in the encoder that were not written yet.
    private var pending: UInt64 = 0

    /// Records that the descriptor has taken.
    public private(set) var written: UInt64 = 0
    /// Records that no block can hold, and that are not in the file therefore. (Those of the kernel side are far smaller.)
    public private(set) var oversized: UInt64 = 0

    /// Addresses whose symbols are recorded; a kernel has fewer places that free or call.
    private static let maximumSymbols = 1 << 16
    /// Owners and cgroups that are recorded, so that a reader's limit for tables is kept however long the texts are.
    private static let maximumOwners = 1 << 17
    private static let maximumCgroups = 1 << 12
    private static let flushThreshold = 256 << 10

    /// Writes the header at once. The descriptor stays the caller's, and must be open as long as the writer is in use.
    ///
    /// - Parameter writeAll: how to write, for callers who do not want to wait for a reader forever.
    public init(
        _ header: RecordingHeader, to descriptor: FileDescriptor,
        writeAll: @escaping Write = { descriptor, bytes in _ = try descriptor.writeAll(bytes) }
    ) throws(RecordingError) {
        self.descriptor = descriptor
        self.writeAll = writeAll
        encoder = RecordingEncoder(header)
        try write()
    }

    /// Appends a record as it came from the ring. Hot path: a copy, and now and then a write.
    public mutating func append(record: RawSpan) throws(RecordingError) {
        if encoder.append(record: record) { pending += 1 } else { oversized += 1 }
        if encoder.output.count >= Self.flushThreshold { try flush() }
    }

    /// Whether the symbol of this address is still to be appended; false from the second question on. 0 has none.
    ///
    /// Ask before the record that holds the address is appended.
    public mutating func needsSymbol(of address: UInt64) -> Bool {
        guard address != 0, !known.contains(address), known.count < Self.maximumSymbols else { return false }
        known.insert(address)
        return true
    }

    public mutating func append(_ symbol: RecordedSymbol) {
        encoder.append(symbol)
    }

    /// Appends who holds a socket, unless that has been recorded already. Call it before the record is appended.
    public mutating func append(_ owner: RecordedSocketOwner) {
        guard owners[owner.inode] != owner, recordedOwners < Self.maximumOwners else { return }
        owners[owner.inode] = owner
        recordedOwners += 1
        encoder.append(owner)
    }

    /// Whether the path of this cgroup was not appended yet.
    public func needsCgroup(_ id: UInt64) -> Bool {
        cgroups.count < Self.maximumCgroups && !cgroups.contains(id)
    }

    public mutating func append(_ cgroup: RecordedCgroup) {
        cgroups.insert(cgroup.id)
        encoder.append(cgroup)
    }

    /// Appends a step of the wall clock, which records that follow know.
    public mutating func append(_ step: RecordedClockStep) {
        encoder.append(step)
    }

    /// Writes out what was appended: whenever the ring is empty, so that a crash loses little.
    public mutating func flush() throws(RecordingError) {
        encoder.closeBlocks()
        try write()
        written += pending
        pending = 0
    }

    /// Writes out the rest, and the account of the run as the last block. Its `delivered` is what reached the file.
    public mutating func finish(_ accounting: RecordingAccounting) throws(RecordingError) {
        try flush()
        encoder.finish(accounting)
        try write()
    }

    private mutating func write() throws(RecordingError) {
        defer { encoder.takeOutput() }
        guard !encoder.output.isEmpty else { return }
        do {
            try encoder.output.withUnsafeBytes { try writeAll(descriptor, $0) }
        } catch {
            throw .cannotWrite(error as? Errno ?? .ioError)
        }
    }
}
