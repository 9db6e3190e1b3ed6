/// Reads a recording from beginning to end, and all intact parts of a damaged one.
///
/// Memory is bounded by the format: a block of 1 MiB, and tables of 32 MiB. No input makes the reader trap.
public struct RecordingReader: ~Copyable {
    public let header: RecordingHeader

    private var blocks: BlockReader
    private var runs: RecordRuns?
    private var isFinished = false
    /// The first damage; intact parts after it are read first.
    private var damage: RecordingError?

    /// An item of a recording after its header.
    public enum Item: ~Escapable {
        /// One record, as the kernel side wrote it. Its address is a multiple of 8.
        case record(RawSpan)
        /// Symbols of addresses in records that follow.
        case symbols([RecordedSymbol])
        /// Owners of sockets in records that follow.
        case socketOwners([RecordedSocketOwner])
        /// Cgroups in records that follow.
        case cgroups([RecordedCgroup])
        /// Steps of the wall clock among the records that follow.
        case clockSteps([RecordedClockStep])
        /// The last item.
        case accounting(RecordingAccounting)
    }

    /// Reads up to the end of the header.
    public init(_ source: some ByteSource) throws(RecordingError) {
        (blocks, header) = try Self.open(source)
    }

    private static func open(_ source: some ByteSource) throws(RecordingError) -> (BlockReader, RecordingHeader) {
        var blocks = try BlockReader(source)
        let header = try RecordingHeader(reading: &blocks)
        return (blocks, header)
    }

    /// Number of records that `next()` has returned.
    public var recordCount: UInt64 { blocks.recordCount }

    /// The next item; nil after the accounting.
    ///
    /// A damaged recording ends with `RecordingError.damaged` for the first damage; items returned before are valid.
    @_lifetime(&self)
    public mutating func next() throws(RecordingError) -> Item? {
        while true {
            var rest = runs
            if let place = rest?.next(blocks.payloadBytes) {
                runs = rest
                blocks.recordCount += 1
                return .record(blocks.payloadBytes.extracting(place))
            }
            runs = nil
            guard let type = try nextBlock() else {
                if !isFinished { note(blocks.damaged(.unfinished)) }
                guard let damage else { return nil }
                throw damage.withRecords(recordCount)
            }
            guard !isFinished else {
                note("a block that is out of place")
                continue
            }
            switch type {
            case .records:
                // In a cut block the steps are checked one by one.
                let fault = blocks.cutType == nil ? RecordRuns.fault(blocks.payloadBytes) : nil
                if let fault { note(fault) } else { runs = RecordRuns() }
            case .symbols:
                if let symbols = [RecordedSymbol](blocks.payloadBytes) { return .symbols(symbols) }
                note("symbols that cannot be read")
            case .socketOwners:
                if let owners = [RecordedSocketOwner](blocks.payloadBytes) { return .socketOwners(owners) }
                note("owners of sockets that cannot be read")
            case .cgroups:
                if let cgroups = [RecordedCgroup](blocks.payloadBytes) { return .cgroups(cgroups) }
                note("cgroups that cannot be read")
            case .clockSteps:
                if let steps = [RecordedClockStep](blocks.payloadBytes) { return .clockSteps(steps) }
                note("steps of the clock that cannot be read")
            case .accounting:
                if let accounting = RecordingAccounting(blocks.payloadBytes) {
                    isFinished = true
                    return .accounting(accounting)
                }
                note("an account of the run that cannot be read")
            case .description, .hooks, .dropReasons, .returns, .enumerations:
                note("a block that is out of place")
            }
        }
    }

    /// The next intact block, or the records before the cut if the file ends in a records block; nil at the end.
    private mutating func nextBlock() throws(RecordingError) -> BlockType? {
        while true {
            do throws(RecordingError) {
                return try blocks.next()
            } catch {
                guard case .damaged = error else { throw error }
                note(error)
                if blocks.cutType == .records { return .records }
            }
        }
    }

    private mutating func note(_ fault: String) { note(blocks.damaged(.contents(fault))) }

    private mutating func note(_ error: RecordingError) { damage = damage ?? error }
}

extension RecordingError {
    fileprivate func withRecords(_ count: UInt64) -> RecordingError {
        guard case .damaged(let damage, let offset, _) = self else { return self }
        return .damaged(damage, offset: offset, records: count)
    }
}
