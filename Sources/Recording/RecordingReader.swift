/// Reads a recording from its beginning to its end, or to where it is damaged.
///
/// Memory is bounded by the format: a block of 1 MiB, and tables of 32 MiB. Nothing in a file makes the reader trap.
public struct RecordingReader: ~Copyable {
    public let header: RecordingHeader

    private var blocks: BlockReader
    private var runs: RecordRuns?
    private var isFinished = false

    /// What a recording holds behind its header.
    public enum Item: ~Escapable {
        /// One record, as the kernel side wrote it. Its address is a multiple of 8.
        case record(RawSpan)
        /// Symbols of addresses in records that follow.
        case symbols([RecordedSymbol])
        /// Owners of sockets in records that follow.
        case socketOwners([RecordedSocketOwner])
        /// Cgroups in records that follow.
        case cgroups([RecordedCgroup])
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

    /// Records that `next()` has given.
    public var recordCount: UInt64 { blocks.recordCount }

    /// The next item; nil behind the accounting.
    ///
    /// Throws `RecordingError.damaged` where the recording breaks off: what was given before is good.
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
            switch try blocks.next() {
            case nil where isFinished:
                return nil
            case nil:
                throw blocks.damaged(.unfinished)
            case .records where !isFinished:
                if let fault = RecordRuns.fault(blocks.payloadBytes) { throw blocks.damaged(.contents(fault)) }
                runs = RecordRuns()
            case .symbols where !isFinished:
                guard let symbols = [RecordedSymbol](blocks.payloadBytes) else {
                    throw blocks.damaged(.contents("symbols that cannot be read"))
                }
                return .symbols(symbols)
            case .socketOwners where !isFinished:
                guard let owners = [RecordedSocketOwner](blocks.payloadBytes) else {
                    throw blocks.damaged(.contents("owners of sockets that cannot be read"))
                }
                return .socketOwners(owners)
            case .cgroups where !isFinished:
                guard let cgroups = [RecordedCgroup](blocks.payloadBytes) else {
                    throw blocks.damaged(.contents("cgroups that cannot be read"))
                }
                return .cgroups(cgroups)
            case .accounting where !isFinished:
                guard let accounting = RecordingAccounting(blocks.payloadBytes) else {
                    throw blocks.damaged(.contents("an account of the run that cannot be read"))
                }
                isFinished = true
                return .accounting(accounting)
            case .some:
                throw blocks.damaged(.contents("a block that is out of place"))
            }
        }
    }
}
