public import SystemPackage

/// Writes a recording to a file descriptor during the run.
///
/// Every method that writes throws `RecordingError.cannotWrite` if the disk is full or the reader of a pipe has closed it;
/// everything written before remains readable.
public struct RecordingWriter: ~Copyable {
    /// Writes all of the bytes, or throws.
    public typealias Write = (FileDescriptor, UnsafeRawBufferPointer) throws -> Void

    private let descriptor: FileDescriptor
    private let writeAll: Write
    private var encoder: RecordingEncoder
    private var known: Set<UInt64> = []
    private var owners: [UInt64: RecordedSocketOwner] = [:]
    private var cgroups: Set<UInt64> = []
    /// Number of recorded owners, including those that replaced others.
    private var recordedOwners = 0
    /// Records in the encoder that were not written yet.
    private var pending: UInt64 = 0

    /// Records that were written to the descriptor.
    public private(set) var written: UInt64 = 0
    /// Records that are too large for a block, and therefore not in the file. (Records of the kernel side are far smaller.)
    public private(set) var oversized: UInt64 = 0

    /// Maximum number of recorded symbols; a kernel has fewer places that free or call.
    private static let maximumSymbols = 1 << 16
    /// Maximum number of recorded owners and cgroups, which keeps within the reader's limit for tables with texts of any
    /// length.
    private static let maximumOwners = 1 << 17
    private static let maximumCgroups = 1 << 12
    private static let flushThreshold = 256 << 10

    /// Writes the header at once. The caller owns the descriptor and keeps it open while the writer is in use.
    ///
    /// - Parameter writeAll: writes the bytes; allows the caller to limit the wait for a reader.
    public init(
        _ header: RecordingHeader, to descriptor: FileDescriptor,
        writeAll: @escaping Write = { descriptor, bytes in _ = try descriptor.writeAll(bytes) }
    ) throws(RecordingError) {
        self.descriptor = descriptor
        self.writeAll = writeAll
        encoder = RecordingEncoder(header)
        try write()
    }

    /// Appends a record as it came from the ring. Hot path: a copy, and occasionally a write.
    public mutating func append(record: RawSpan) throws(RecordingError) {
        if encoder.append(record: record) { pending += 1 } else { oversized += 1 }
        if encoder.output.count >= Self.flushThreshold { try flush() }
    }

    /// Whether the symbol of this address must be appended: true only for the first call per address, and false for address 0.
    ///
    /// Must be called before the record with the address is appended.
    public mutating func needsSymbol(of address: UInt64) -> Bool {
        guard address != 0, !known.contains(address), known.count < Self.maximumSymbols else { return false }
        known.insert(address)
        return true
    }

    public mutating func append(_ symbol: RecordedSymbol) {
        encoder.append(symbol)
    }

    /// Appends the owner of a socket, unless it is already recorded. Must be called before the record is appended.
    public mutating func append(_ owner: RecordedSocketOwner) {
        guard owners[owner.inode] != owner, recordedOwners < Self.maximumOwners else { return }
        owners[owner.inode] = owner
        recordedOwners += 1
        encoder.append(owner)
    }

    /// Whether the path of this cgroup must still be appended.
    public func needsCgroup(_ id: UInt64) -> Bool {
        cgroups.count < Self.maximumCgroups && !cgroups.contains(id)
    }

    public mutating func append(_ cgroup: RecordedCgroup) {
        cgroups.insert(cgroup.id)
        encoder.append(cgroup)
    }

    /// Appends a step of the wall clock, which applies to the records that follow.
    public mutating func append(_ step: RecordedClockStep) {
        encoder.append(step)
    }

    /// Writes out everything appended. Called whenever the ring is empty, so that a crash loses little.
    public mutating func flush() throws(RecordingError) {
        encoder.closeBlocks()
        try write()
        written += pending
        pending = 0
    }

    /// Writes out the rest, with the account of the run as the last block. The caller sets its `delivered` to the number of
    /// events that reached the file.
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
