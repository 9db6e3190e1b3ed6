/// Reads bytes and returns checked blocks: preamble, heads, sizes and checksums. Does not interpret payloads.
///
/// After damage the next call continues with the next intact block: after a damaged payload the next head follows; after a
/// damaged head the reader searches for one, whose checksum over its own offset identifies it.
struct BlockReader {
    private var input: BufferedInput
    /// Number of records that the owner has read, for errors.
    var recordCount: UInt64 = 0
    /// Offset of the last block.
    private var blockOffset: UInt64 = 0
    /// Payload of the last block, followed by padding. The buffer is kept, so that it is rarely allocated.
    private var payload: [UInt8] = []
    private var payloadSize = 0
    /// Whether the last head was damaged, so that the next block must be searched for.
    private var isLost = false
    /// The type of the block in which the file ends; its payload is available up to the cut.
    private(set) var cutType: BlockType?
    /// Bytes of all blocks without records.
    private var tableSize = 0
    /// The block's offset, which the checksum includes, and the head itself.
    private var head = [UInt8](repeating: 0, count: 8 + BlockFormat.headSize)

    init(_ source: any ByteSource) throws(RecordingError) {
        input = BufferedInput(source)
        try readPreamble()
    }

    var payloadBytes: RawSpan {
        @_lifetime(borrow self)
        get { payload.span.bytes.extracting(first: payloadSize) }
    }

    private mutating func readPreamble() throws(RecordingError) {
        let count = try input.fill(&head, count: BlockFormat.preambleSize)
        guard count > 0 else { throw .empty }
        guard head.prefix(min(count, 8)).elementsEqual(BlockFormat.magic.prefix(count)) else { throw .notARecording }
        guard count == BlockFormat.preambleSize else { throw .damaged(.truncated, offset: 0, records: 0) }
        let bytes = head.span.bytes
        guard bytes.littleEndian(UInt32.self, at: 12) == Checksum(bytes.extracting(first: 12)).value else {
            throw .damaged(.checksum, offset: 0, records: 0)
        }
        let major = bytes.littleEndian(UInt16.self, at: 8)
        guard major == BlockFormat.majorVersion else {
            throw .unsupportedVersion(major: major, minor: bytes.littleEndian(UInt16.self, at: 10))
        }
    }

    /// The error for damage in the last block.
    func damaged(_ damage: RecordingError.Damage) -> RecordingError {
        .damaged(damage, offset: blockOffset, records: recordCount)
    }

    /// Reads the next block of a known type; nil at the end of the file. `payloadBytes` is valid until the next call.
    mutating func next() throws(RecordingError) -> BlockType? {
        while let type = try nextOfAnyType() {
            guard let type = BlockType(rawValue: type) else { continue }
            guard type != .records else { return type }
            tableSize += payloadSize
            guard tableSize <= BlockFormat.maximumTables else { throw damaged(.contents("tables of more than 32 MiB")) }
            return type
        }
        return nil
    }

    private mutating func nextOfAnyType() throws(RecordingError) -> UInt32? {
        guard let head = try nextHead() else { return nil }
        guard head.size <= BlockFormat.maximumPayload else {
            isLost = true
            throw damaged(.contents("a block of \(head.size) bytes, and none is larger than 1 MiB"))
        }
        let padded = BlockFormat.padded(Int(head.size))
        if payload.count < padded { payload = [UInt8](repeating: 0, count: padded) }
        let filled = try input.fill(&payload, count: padded)
        guard filled == padded else {
            cutType = BlockType(rawValue: head.type)
            payloadSize = min(filled, Int(head.size))
            throw damaged(.truncated)
        }
        guard Checksum(payload.span.bytes.extracting(first: padded)).value == head.payloadChecksum else {
            throw damaged(.checksum)
        }
        payloadSize = Int(head.size)
        return head.type
    }

    private mutating func nextHead() throws(RecordingError) -> BlockHead? {
        payloadSize = 0
        cutType = nil
        if isLost { return try searchHead() }
        blockOffset = input.offset
        setOffset()
        let count = try input.fill(&head, from: 8, count: BlockFormat.headSize)
        guard count > 0 else { return nil }
        guard count == BlockFormat.headSize else { throw damaged(.truncated) }
        guard let head = BlockHead(head.span.bytes) else {
            isLost = true
            throw damaged(.checksum)
        }
        return head
    }

    /// Searches for the next intact head; nil if there is none. Blocks begin at multiples of 8.
    private mutating func searchHead() throws(RecordingError) -> BlockHead? {
        let step = 8
        while true {
            for place in 8..<head.count - step { head[place] = head[place + step] }
            guard try input.fill(&head, from: head.count - step, count: step) == step else { return nil }
            blockOffset += UInt64(step)
            setOffset()
            if let head = BlockHead(head.span.bytes), head.size <= BlockFormat.maximumPayload {
                isLost = false
                return head
            }
        }
    }

    private mutating func setOffset() {
        withUnsafeBytes(of: blockOffset.littleEndian) { place in
            for (index, byte) in place.enumerated() { head[index] = byte }
        }
    }
}

/// The head of a block.
private struct BlockHead {
    var type: UInt32
    var size: UInt32
    var payloadChecksum: UInt32

    /// - Parameter bytes: the block's offset as u64, then the head. Returns nil if its checksum is wrong.
    init?(_ bytes: RawSpan) {
        guard bytes.littleEndian(UInt32.self, at: 20) == Checksum(bytes.extracting(first: 20)).value else { return nil }
        type = bytes.littleEndian(UInt32.self, at: 8)
        size = bytes.littleEndian(UInt32.self, at: 12)
        payloadChecksum = bytes.littleEndian(UInt32.self, at: 16)
    }
}
