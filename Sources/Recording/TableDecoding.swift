/// The description block: the header without its tables, and the sizes of the tables.
struct HeaderDescription {
    var header: RecordingHeader
    var hookCount: Int
    var dropReasonCount: Int
    /// 0 in files of version 1.0.
    var returnCount = 0
    var enumerationCount = 0
    /// Whether the records have the other byte order.
    var isForeign: Bool

    /// Returns nil if the payload is too short or a number exceeds its limit. Later minor versions may append fields,
    /// which are ignored.
    init?(_ payload: RawSpan) {
        var fields = FieldReader(payload)
        guard let mark = fields.next(UInt32.self)?.littleEndian, let hooks = fields.next(UInt32.self),
            let dropReasons = fields.next(UInt32.self), fields.next(UInt32.self) != nil,
            let clockOffset = fields.next(Int64.self), let program = fields.nextText(),
            let kernelRelease = fields.nextText(), let machine = fields.nextText(),
            let parts = fields.next(UInt32.self),
            hooks <= BlockFormat.maximumHooks, dropReasons <= BlockFormat.maximumDropReasons
        else { return nil }
        guard mark == BlockFormat.byteOrderMark || mark == BlockFormat.byteOrderMark.byteSwapped else { return nil }
        isForeign = mark != BlockFormat.byteOrderMark
        hookCount = Int(hooks)
        dropReasonCount = Int(dropReasons)
        header = RecordingHeader(
            program: program, kernelRelease: kernelRelease, machine: machine, commandLine: [], clockOffset: clockOffset,
            layout: RecordLayout([]), hooks: [], dropReasons: [:])
        for _ in 0..<parts {
            guard let name = fields.nextText(), let size = fields.next(UInt32.self) else { return nil }
            header.layout.parts.append(RecordLayout.Part(name: name, size: size))
        }
        guard let arguments = fields.next(UInt32.self) else { return nil }
        for _ in 0..<arguments {
            guard let argument = fields.nextText() else { return nil }
            header.commandLine.append(argument)
        }
        guard !fields.isAtEnd else { return }
        guard let returns = fields.next(UInt32.self), let enumerations = fields.next(UInt32.self),
            returns <= hooks, enumerations <= BlockFormat.maximumEnumerations
        else { return nil }
        returnCount = Int(returns)
        enumerationCount = Int(enumerations)
    }
}

extension RecordingHeader {
    /// Reads the description and the tables that it announces.
    init(reading blocks: inout BlockReader) throws(RecordingError) {
        guard case .description = try blocks.next(), let description = HeaderDescription(blocks.payloadBytes) else {
            throw blocks.damaged(.contents("no description of the run at its beginning"))
        }
        guard !description.isForeign else { throw .foreignByteOrder }
        self = description.header
        var returnCount = 0
        while hooks.count < description.hookCount || dropReasons.count < description.dropReasonCount
            || returnCount < description.returnCount || enumerations.count < description.enumerationCount
        {
            switch try blocks.next() {
            case .hooks:
                guard addHooks(blocks.payloadBytes), hooks.count <= description.hookCount else {
                    throw blocks.damaged(.contents("a table of hooks that cannot be read"))
                }
            case .dropReasons:
                guard addDropReasons(blocks.payloadBytes), dropReasons.count <= description.dropReasonCount else {
                    throw blocks.damaged(.contents("a table of drop reasons that cannot be read"))
                }
            case .returns:
                guard let added = addReturns(blocks.payloadBytes, description),
                    returnCount + added <= description.returnCount
                else { throw blocks.damaged(.contents("a table of return values that cannot be read")) }
                returnCount += added
            case .enumerations:
                guard addEnumerations(blocks.payloadBytes), enumerations.count <= description.enumerationCount else {
                    throw blocks.damaged(.contents("a table of enums that cannot be read"))
                }
            case nil:
                throw blocks.damaged(.truncated)
            case .some:
                throw blocks.damaged(.contents("a block that is out of place"))
            }
        }
    }

    /// Adds the entries of a hooks block; returns false if it cannot be read.
    private mutating func addHooks(_ payload: RawSpan) -> Bool {
        var fields = FieldReader(payload)
        while !fields.isAtEnd {
            guard let flags = fields.next(UInt32.self), let tracer = fields.nextText(), let group = fields.nextText(),
                let kernelName = fields.nextText(), let method = fields.nextText()
            else { return false }
            hooks.append(
                RecordedHook(tracer: tracer, group: group, kernelName: kernelName, method: method, flags: flags))
        }
        return true
    }

    /// Adds the entries of a drop reasons block; returns false if it cannot be read, or if a value occurs twice.
    private mutating func addDropReasons(_ payload: RawSpan) -> Bool {
        var fields = FieldReader(payload)
        while !fields.isAtEnd {
            guard let value = fields.next(UInt32.self), let name = fields.nextText(),
                dropReasons.updateValue(name, forKey: value) == nil
            else { return false }
        }
        return true
    }
}

extension RecordingHeader {
    /// Adds the entries of a returns block, and returns their number; nil if it cannot be read.
    private mutating func addReturns(_ payload: RawSpan, _ description: HeaderDescription) -> Int? {
        var fields = FieldReader(payload)
        var count = 0
        while !fields.isAtEnd {
            guard let (hook, found) = RecordedReturn.next(in: &fields), hook < hooks.count,
                hooks[Int(hook)].returns == nil, found.enumeration ?? 0 < max(1, description.enumerationCount)
            else { return nil }
            hooks[Int(hook)].returns = found
            count += 1
        }
        return count
    }

    /// Adds the entries of an enumerations block; returns false if it cannot be read.
    private mutating func addEnumerations(_ payload: RawSpan) -> Bool {
        var fields = FieldReader(payload)
        while !fields.isAtEnd {
            guard let found = RecordedEnumeration.next(in: &fields) else { return false }
            enumerations.append(found)
        }
        return true
    }
}

extension [RecordedSymbol] {
    init?(_ payload: RawSpan) {
        self = []
        var fields = FieldReader(payload)
        while !fields.isAtEnd {
            guard let address = fields.next(UInt64.self), let text = fields.nextText() else { return nil }
            append(RecordedSymbol(address: address, text: text))
        }
    }
}

extension [RecordedSocketOwner] {
    init?(_ payload: RawSpan) {
        self = []
        var fields = FieldReader(payload)
        while !fields.isAtEnd {
            guard let inode = fields.next(UInt64.self), let pid = fields.next(UInt32.self),
                let others = fields.next(UInt32.self), let command = fields.nextText()
            else { return nil }
            append(RecordedSocketOwner(inode: inode, pid: pid, command: command, others: others))
        }
    }
}

extension [RecordedCgroup] {
    init?(_ payload: RawSpan) {
        self = []
        var fields = FieldReader(payload)
        while !fields.isAtEnd {
            guard let id = fields.next(UInt64.self), let path = fields.nextText() else { return nil }
            append(RecordedCgroup(id: id, path: path))
        }
    }
}

extension [RecordedClockStep] {
    init?(_ payload: RawSpan) {
        self = []
        var fields = FieldReader(payload)
        while !fields.isAtEnd {
            guard let since = fields.next(UInt64.self), let offset = fields.next(Int64.self) else { return nil }
            append(RecordedClockStep(since: since, offset: offset))
        }
    }
}

extension RecordingAccounting {
    /// Further fields after the known ones are ignored.
    init?(_ payload: RawSpan) {
        var fields = FieldReader(payload)
        guard let matched = fields.next(UInt64.self), let delivered = fields.next(UInt64.self),
            let lost = fields.next(UInt64.self), let suppressed = fields.next(UInt64.self),
            let attached = fields.next(UInt32.self), let skipped = fields.next(UInt32.self),
            let count = fields.next(UInt32.self)
        else { return nil }
        self.init(
            matched: matched, delivered: delivered, lost: lost, suppressed: suppressed, attached: attached,
            skipped: skipped, losses: [])
        for _ in 0..<count {
            guard let hook = fields.next(UInt32.self), let lost = fields.next(UInt64.self) else { return nil }
            losses.append(HookLoss(hook: hook, lost: lost))
        }
    }
}
