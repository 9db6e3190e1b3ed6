public import DCompiler
public import DLanguage
public import Text

/// The counts that the kernel holds at the moment, by aggregation.
public protocol AggregationSource: ~Copyable {
    /// Passes on each key of a map with the state of each CPU.
    func forEachState(of map: String, _ body: (_ key: UnsafeRawBufferPointer, _ state: [Int64]) -> Void)
}

/// A clause that ended early, for the ERROR probe.
public struct ClauseError: Hashable, Sendable {
    public var probe: Probe
    public var fault: Fault
    /// Number of the statement, from 1 on.
    public var action: Int

    public var text: String {
        "error on enabled probe ID \(probe.number) (ID \(probe.number): \(probe.title)): \(fault.text) in action #\(action)"
    }

    /// Arguments of the ERROR probe: enabled probe, action, offset, kind, address.
    public var arguments: [UInt64] {
        [0, UInt64(probe.number), UInt64(action), 0, UInt64(fault.rawValue), 0]
    }
}

/// Records of firings → the output of the program's statements.
public struct Presenter<Names: AddressNames> {
    let compiled: CompiledProgram
    let typed: TypedProgram
    let reader: FieldReader
    let formats: FormatWriter<Names>
    var aggregations: [AggregationTable]
    private var hasHeading = false
    private var flow = FlowIndent()
    /// Output of speculations that are not committed yet.
    private var speculations: [UInt64: Speculation] = [:]
    /// Speculated output that had no room (option specsize).
    public private(set) var lostSpeculations = 0
    /// Changes of the output and of the kernel's counts, at places of the output; until they are taken.
    var requests: [OutputRequest] = []
    /// Records so far, by program.
    public private(set) var records: [Int]
    /// Output without headings and rows.
    public var isQuiet: Bool
    var isIndented: Bool
    /// Output as JSON objects.
    public var isJSON = false
    /// Set by exit().
    public private(set) var exitCode: Int32?
    /// Clauses that ended early, until they are taken.
    public private(set) var errors: [ClauseError] = []
    var order: RowOrder

    private struct Speculation {
        var output: [UInt8] = []
        var requests: [OutputRequest] = []
    }

    public init(_ compiled: CompiledProgram, _ typed: TypedProgram, _ names: Names) {
        self.compiled = compiled
        self.typed = typed
        records = [Int](repeating: 0, count: compiled.probes.count)
        reader = FieldReader(texts: compiled.texts)
        var formats = FormatWriter(names)
        formats.stackIndent = typed.options.stackindent
        self.formats = formats
        isQuiet = typed.options.quiet
        isIndented = typed.options.flowindent
        aggregations = typed.aggregations.map { declaration in
            AggregationTable("@" + declaration.name, AggregatingFunction(declaration.function))
        }
        var order = RowOrder()
        order.byKey = typed.options.aggsortkey
        order.isReversed = typed.options.aggsortrev
        order.keyPosition = typed.options.aggsortkeypos
        order.position = typed.options.aggsortpos
        self.order = order
    }

    public mutating func takeErrors() -> [ClauseError] {
        defer { errors = [] }
        return errors
    }

    /// Prints what the clauses of one firing did.
    public mutating func present(
        _ record: UnsafeRawBufferPointer, _ source: borrowing some AggregationSource & ~Copyable,
        to buffer: inout ByteBuffer
    ) {
        guard record.count >= RecordLayout.statusOffset else { return }
        let number = Int(record.loadUnaligned(as: UInt32.self))
        let cpu = Int(record.loadUnaligned(fromByteOffset: RecordLayout.cpuOffset, as: UInt32.self))
        guard compiled.probes.indices.contains(number), record.count >= compiled.probes[number].record.size else {
            return
        }
        records[number] += 1
        let program = compiled.probes[number]
        let member = Int(clamping: record.loadUnaligned(fromByteOffset: RecordLayout.memberOffset, as: UInt64.self))
        let probe = program.members[program.members.indices.contains(member) ? member : 0]
        flow.enter(probe)
        for (index, clause) in program.record.clauses.enumerated() {
            let status = program.record.status(ofClause: index)
            let done = Int(record.loadUnaligned(fromByteOffset: status, as: UInt32.self))
            let fault = record.loadUnaligned(fromByteOffset: status + 4, as: UInt32.self)
            let speculation = record.loadUnaligned(
                fromByteOffset: status + RecordLayout.speculationOffset, as: UInt64.self)
            if let fault = Fault(rawValue: fault) {
                // A clause that fails prints nothing.
                errors.append(ClauseError(probe: probe, fault: fault, action: done + 1))
                continue
            }
            guard done > 0 else { continue }
            let statements = clause.statements.prefix(done)
            if speculation == 0 {
                present(clause, statements, cpu, probe, record, source, to: &buffer)
            } else {
                speculate(speculation, clause, statements, cpu, probe, record, source)
            }
        }
        flow.leave(probe)
    }

    private mutating func present(
        _ clause: RecordLayout.Clause, _ statements: ArraySlice<RecordLayout.Statement>, _ cpu: Int, _ probe: Probe,
        _ record: UnsafeRawBufferPointer, _ source: borrowing some AggregationSource & ~Copyable,
        to buffer: inout ByteBuffer
    ) {
        let forms = statements.map { typed.clauses[clause.clause].statements[$0.statement].form }
        // Clauses that only decide about speculations have no output of their own.
        let isSilent = forms.allSatisfy(\.isAboutSpeculations)
        if isJSON, !isSilent {
            presentJSON(clause, statements, probe, record, source, to: &buffer)
            return
        }
        if !isSilent { writeHeading(cpu, probe, to: &buffer) }
        for (statement, form) in zip(statements, forms) {
            let values = statement.fields.map { reader.value($0, in: record) }
            switch form {
            case .commit: commit(Self.number(values.first), to: &buffer)
            case .discard: speculations[UInt64(bitPattern: Self.number(values.first))] = nil
            default: perform(form, values, statement.fields, source, to: &buffer)
            }
        }
        if !isSilent, !isQuiet { buffer.append(UInt8(ascii: "\n")) }
    }

    private mutating func presentJSON(
        _ clause: RecordLayout.Clause, _ statements: ArraySlice<RecordLayout.Statement>, _ probe: Probe,
        _ record: UnsafeRawBufferPointer, _ source: borrowing some AggregationSource & ~Copyable,
        to buffer: inout ByteBuffer
    ) {
        var output = ByteBuffer(capacity: 256)
        for statement in statements {
            let form = typed.clauses[clause.clause].statements[statement.statement].form
            let values = statement.fields.map { reader.value($0, in: record) }
            if case .printa(_, let indices) = form {
                for index in indices {
                    refresh(index, source)
                    writeJSON(aggregations[index], to: &buffer)
                    aggregations[index].isPrinted = true
                }
            } else {
                perform(form, values, statement.fields, source, to: &output)
            }
        }
        if !output.isEmpty { writeJSON(output, probe, record, to: &buffer) }
    }

    // MARK: Speculations

    private mutating func speculate(
        _ number: UInt64, _ clause: RecordLayout.Clause, _ statements: ArraySlice<RecordLayout.Statement>, _ cpu: Int,
        _ probe: Probe, _ record: UnsafeRawBufferPointer, _ source: borrowing some AggregationSource & ~Copyable
    ) {
        var output = ByteBuffer(capacity: 256)
        let outer = requests
        requests = []
        present(clause, statements, cpu, probe, record, source, to: &output)
        let made = requests
        requests = outer
        var speculation = speculations[number] ?? Speculation()
        guard speculation.output.count + output.count <= typed.options.specsize else {
            lostSpeculations += 1
            return
        }
        speculation.requests += made.map { $0.moved(by: speculation.output.count) }
        output.withUnsafeBytes { speculation.output += Array($0) }
        speculations[number] = speculation
    }

    private mutating func commit(_ number: Int64, to buffer: inout ByteBuffer) {
        guard let speculation = speculations.removeValue(forKey: UInt64(bitPattern: number)) else { return }
        requests += speculation.requests.map { $0.moved(by: buffer.count) }
        buffer.append(contentsOf: speculation.output)
    }

    private mutating func writeHeading(_ cpu: Int, _ probe: Probe, to buffer: inout ByteBuffer) {
        guard !isQuiet else { return }
        if !hasHeading { isIndented ? FlowIndent.writeHeading(to: &buffer) : TraceForm.writeHeading(to: &buffer) }
        hasHeading = true
        if isIndented {
            flow.writeRow(cpu: cpu, probe, to: &buffer)
        } else {
            TraceForm.writeRow(cpu: cpu, probe: probe.number, function: probe.function, name: probe.name, to: &buffer)
        }
    }

    static func number(_ value: Datum?) -> Int64 {
        guard case .integer(let number) = value else { return 0 }
        return Int64(bitPattern: number.bits)
    }

    /// Changes of the output and of counts that are due.
    public mutating func takeRequests() -> [OutputRequest] {
        defer { requests = [] }
        return requests
    }

    mutating func end(with code: Int64) { exitCode = Int32(truncatingIfNeeded: code) }
}

extension TypedStatement.Form {
    fileprivate var isAboutSpeculations: Bool {
        switch self {
        case .commit, .discard, .speculate: true
        default: false
        }
    }
}
