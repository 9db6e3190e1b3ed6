/// Encodes values as the bytes of a recording. The owner writes out `output` and empties it.
struct RecordingEncoder: ~Copyable {
    /// Finished blocks that were not written out yet.
    private(set) var output: [UInt8] = []
    /// Number of bytes that were written out: the offset of `output` in the file.
    private var taken: UInt64 = 0

    private var records: [UInt8] = []
    private var symbols: [UInt8] = []
    private var socketOwners: [UInt8] = []
    private var clockSteps: [UInt8] = []
    private var cgroups: [UInt8] = []
    /// The run of records of one size at the end of `records`: offset and contents of its head.
    private var run = (start: 0, recordSize: 0, count: UInt32(0))

    /// Large enough that heads cost almost nothing per record, small enough that a crash loses little.
    private static let blockTarget = 64 << 10

    /// Starts a recording: encodes the preamble and the whole `header`.
    init(_ header: RecordingHeader) {
        output.reserveCapacity(Self.blockTarget * 2)
        records.reserveCapacity(Self.blockTarget * 2)
        output += BlockFormat.magic
        output.append(field: BlockFormat.majorVersion)
        output.append(field: BlockFormat.minorVersion)
        output.append(field: Checksum(output.span.bytes).value)
        encode(header)
    }

    /// Appends one record unchanged. Returns false for a record that is too large for a block (1 MiB).
    mutating func append(record: RawSpan) -> Bool {
        let size = record.byteCount
        guard size > 0, size <= BlockFormat.maximumPayload - 8 else { return false }
        if records.count + 8 + BlockFormat.padded(size) > BlockFormat.maximumPayload { closeBlocks() }
        if records.isEmpty || run.recordSize != size {
            closeRun()
            run = (records.count, size, 0)
            records.append(field: UInt32(size))
            records.append(field: UInt32(0))
        }
        record.withUnsafeBytes { records.append(contentsOf: $0) }
        records.pad()
        run.count += 1
        if records.count >= Self.blockTarget { closeBlocks() }
        return true
    }

    /// Appends the symbol of an address; it precedes the records that are not finished yet.
    mutating func append(_ symbol: RecordedSymbol) {
        symbols.append(field: symbol.address)
        symbols.append(field: symbol.text)
        if symbols.count >= Self.blockTarget { Self.append(.symbols, &symbols, to: &output, at: taken) }
    }

    /// Appends the owner of a socket; it precedes the records that are not finished yet.
    mutating func append(_ owner: RecordedSocketOwner) {
        socketOwners.append(field: owner.inode)
        socketOwners.append(field: owner.pid)
        socketOwners.append(field: owner.others)
        socketOwners.append(field: owner.command)
        if socketOwners.count >= Self.blockTarget { Self.append(.socketOwners, &socketOwners, to: &output, at: taken) }
    }

    /// Appends the path of a cgroup; it precedes the records that are not finished yet.
    mutating func append(_ cgroup: RecordedCgroup) {
        cgroups.append(field: cgroup.id)
        cgroups.append(field: cgroup.path)
        if cgroups.count >= Self.blockTarget { Self.append(.cgroups, &cgroups, to: &output, at: taken) }
    }

    /// Appends a step of the wall clock; it precedes the records that are not finished yet.
    mutating func append(_ step: RecordedClockStep) {
        clockSteps.append(field: step.since)
        clockSteps.append(field: step.offset)
        if clockSteps.count >= Self.blockTarget { Self.append(.clockSteps, &clockSteps, to: &output, at: taken) }
    }

    /// Finishes the recording with the account of the run.
    mutating func finish(_ accounting: RecordingAccounting) {
        closeBlocks()
        var payload: [UInt8] = []
        payload.append(field: accounting.matched)
        payload.append(field: accounting.delivered)
        payload.append(field: accounting.lost)
        payload.append(field: accounting.suppressed)
        payload.append(field: accounting.attached)
        payload.append(field: accounting.skipped)
        let losses = accounting.losses.prefix(BlockFormat.maximumHooks)
        payload.append(field: UInt32(losses.count))
        for loss in losses {
            payload.append(field: loss.hook)
            payload.append(field: loss.lost)
        }
        close(.accounting, &payload)
    }

    /// Empties `output`, which has been written out.
    mutating func takeOutput() {
        taken += UInt64(output.count)
        output.removeAll(keepingCapacity: true)
    }

    private mutating func encode(_ header: RecordingHeader) {
        let hooks = header.hooks.prefix(BlockFormat.maximumHooks)
        let dropReasons = header.dropReasons.sorted { $0.key < $1.key }.prefix(BlockFormat.maximumDropReasons)
        let enumerations = header.enumerations.prefix(BlockFormat.maximumEnumerations)
        var payload: [UInt8] = []
        Swift.withUnsafeBytes(of: BlockFormat.byteOrderMark) { payload.append(contentsOf: $0) }
        payload.append(field: UInt32(hooks.count))
        payload.append(field: UInt32(dropReasons.count))
        payload.append(field: UInt32(0))
        payload.append(field: header.clockOffset)
        payload.append(field: header.program)
        payload.append(field: header.kernelRelease)
        payload.append(field: header.machine)
        payload.append(field: UInt32(header.layout.parts.count))
        for part in header.layout.parts {
            payload.append(field: part.name)
            payload.append(field: part.size)
        }
        let arguments = header.commandLine.prefix(BlockFormat.maximumArguments)
        payload.append(field: UInt32(arguments.count))
        for argument in arguments { payload.append(field: argument) }
        payload.append(field: UInt32(hooks.count { $0.returns != nil }))
        payload.append(field: UInt32(enumerations.count))
        close(.description, &payload)

        for hook in hooks {
            payload.append(field: hook.flags)
            payload.append(field: hook.tracer)
            payload.append(field: hook.group)
            payload.append(field: hook.kernelName)
            payload.append(field: hook.method)
            if payload.count >= Self.blockTarget { close(.hooks, &payload) }
        }
        close(.hooks, &payload)
        for (value, name) in dropReasons {
            payload.append(field: value)
            payload.append(field: name)
            if payload.count >= Self.blockTarget { close(.dropReasons, &payload) }
        }
        close(.dropReasons, &payload)
        for (index, hook) in hooks.enumerated() {
            hook.returns?.append(of: UInt32(index), to: &payload)
            if payload.count >= Self.blockTarget { close(.returns, &payload) }
        }
        close(.returns, &payload)
        for enumeration in enumerations {
            enumeration.append(to: &payload)
            if payload.count >= Self.blockTarget { close(.enumerations, &payload) }
        }
        close(.enumerations, &payload)
    }

    private mutating func closeRun() {
        guard !records.isEmpty else { return }
        records.replaceField(at: run.start + 4, run.count)
    }

    /// Finishes the open blocks, so that everything appended is in `output`. Names come first, so that a streaming
    /// reader knows them before the records.
    mutating func closeBlocks() {
        Self.append(.symbols, &symbols, to: &output, at: taken)
        Self.append(.socketOwners, &socketOwners, to: &output, at: taken)
        Self.append(.cgroups, &cgroups, to: &output, at: taken)
        Self.append(.clockSteps, &clockSteps, to: &output, at: taken)
        closeRun()
        Self.append(.records, &records, to: &output, at: taken)
        run = (0, 0, 0)
    }

    /// Frames a payload as a block, unless it is empty, and empties it.
    private mutating func close(_ type: BlockType, _ payload: inout [UInt8]) {
        Self.append(type, &payload, to: &output, at: taken)
    }

    /// - Parameter base: offset of `output` in the file.
    private static func append(_ type: BlockType, _ payload: inout [UInt8], to output: inout [UInt8], at base: UInt64) {
        guard !payload.isEmpty else { return }
        appendBlock(type.rawValue, &payload, to: &output, at: base)
        payload.removeAll(keepingCapacity: true)
    }

    /// Pads the payload and appends it as a block with its checksums.
    ///
    /// - Parameter base: offset of `output` in the file.
    static func appendBlock(_ type: UInt32, _ payload: inout [UInt8], to output: inout [UInt8], at base: UInt64) {
        let size = UInt32(payload.count)
        payload.pad()
        var head: [UInt8] = []
        head.append(field: base + UInt64(output.count))
        head.append(field: type)
        head.append(field: size)
        head.append(field: Checksum(payload.span.bytes).value)
        head.append(field: Checksum(head.span.bytes).value)
        output += head.dropFirst(8)
        output += payload
    }
}
