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
    private let compiled: CompiledProgram
    private let typed: TypedProgram
    private let reader: FieldReader
    private let formats: FormatWriter<Names>
    private var aggregations: [AggregationTable]
    private var hasHeading = false
    /// Output without headings and rows.
    public var isQuiet: Bool
    /// Set by exit().
    public private(set) var exitCode: Int32?
    /// Clauses that ended early, until they are taken.
    public private(set) var errors: [ClauseError] = []
    private let order: RowOrder

    public init(_ compiled: CompiledProgram, _ typed: TypedProgram, _ names: Names) {
        self.compiled = compiled
        self.typed = typed
        reader = FieldReader(texts: compiled.texts)
        var formats = FormatWriter(names)
        formats.stackIndent = typed.options.stackindent
        self.formats = formats
        isQuiet = typed.options.quiet
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
        let probe = compiled.probes[number]
        for (index, clause) in probe.record.clauses.enumerated() {
            let status = probe.record.status(ofClause: index)
            let done = Int(record.loadUnaligned(fromByteOffset: status, as: UInt32.self))
            let fault = record.loadUnaligned(fromByteOffset: status + 4, as: UInt32.self)
            if let fault = Fault(rawValue: fault) {
                // A clause that fails prints nothing.
                errors.append(ClauseError(probe: probe.probe, fault: fault, action: done + 1))
                continue
            }
            guard done > 0 else { continue }
            writeHeading(cpu, probe.probe, to: &buffer)
            for statement in clause.statements.prefix(done) {
                let values = statement.fields.map { reader.value($0, in: record) }
                let form = typed.clauses[clause.clause].statements[statement.statement].form
                perform(form, values, statement.fields, source, to: &buffer)
            }
            if !isQuiet { buffer.append(UInt8(ascii: "\n")) }
        }
    }

    private mutating func writeHeading(_ cpu: Int, _ probe: Probe, to buffer: inout ByteBuffer) {
        guard !isQuiet else { return }
        if !hasHeading { TraceForm.writeHeading(to: &buffer) }
        hasHeading = true
        TraceForm.writeRow(cpu: cpu, probe: probe.number, function: probe.function, name: probe.name, to: &buffer)
    }

    private mutating func perform(
        _ form: TypedStatement.Form, _ values: [Datum], _ fields: [Field],
        _ source: borrowing some AggregationSource & ~Copyable, to buffer: inout ByteBuffer
    ) {
        switch form {
        case .printf(let format, _): formats.write(format, named(values, fields), to: &buffer)
        case .trace, .stack:
            for value in named(values, fields) { TraceForm.write(value, quiet: isQuiet, by: formats, to: &buffer) }
        case .tracemem: HexDump.write(values, to: &buffer)
        case .exit: exitCode = Int32(truncatingIfNeeded: Self.number(values.first))
        case .printa(let format, let indices):
            for index in indices { refresh(index, source) }
            writer.write(indices.map { aggregations[$0] }, by: format, to: &buffer)
            for index in indices { aggregations[index].isPrinted = true }
        case .clear(let index):
            refresh(index, source)
            aggregations[index].clear()
        case .trunc(let index, let count):
            refresh(index, source)
            aggregations[index].truncate(to: count == nil ? nil : Int(clamping: Self.number(values.first)), by: order)
        case .normalize(let index, _):
            aggregations[index].normal = UInt64(bitPattern: max(Self.number(values.first), 1))
        case .denormalize(let index): aggregations[index].normal = 1
        case .setopt(let name, let value): set(name, value)
        default: break
        }
    }

    /// Addresses that are printed as symbols, by their names.
    private func named(_ values: [Datum], _ fields: [Field]) -> [Datum] {
        guard fields.contains(where: { if case .symbol = $0.form { true } else { false } }) else { return values }
        return zip(values, fields).map { value, field in
            guard case .symbol(let form) = field.form, case .integer(let address) = value else { return value }
            return .string(form.text(of: formats.names.name(of: address.bits)))
        }
    }

    private mutating func set(_ name: String, _ value: String?) {
        if name == "quiet" { isQuiet = !["0", "no", "off", "false", "disable"].contains(value ?? "1") }
    }

    private static func number(_ value: Datum?) -> Int64 {
        guard case .integer(let number) = value else { return 0 }
        return Int64(bitPattern: number.bits)
    }

    // MARK: Aggregations

    private var writer: AggregationWriter<Names> {
        var writer = AggregationWriter(formats)
        writer.order = order
        return writer
    }

    private mutating func refresh(_ index: Int, _ source: borrowing some AggregationSource & ~Copyable) {
        let aggregation = compiled.aggregations[index]
        var rows: [AggregationTable.Row] = []
        source.forEachState(of: aggregation.map) { key, state in
            let values = aggregation.keys.map { reader.value($0, in: key) }
            rows.append(.init(key: named(values, aggregation.keys), state: state))
        }
        // The one row of an aggregation without keys exists from the start on.
        if aggregation.isKeyless { rows.removeAll { row in row.state.allSatisfy { $0 == 0 } } }
        aggregations[index].refresh(rows)
    }

    /// The end of the output: a line break, and the aggregations that printa() has not printed.
    public mutating func presentEnd(
        _ source: borrowing some AggregationSource & ~Copyable, to buffer: inout ByteBuffer
    ) {
        buffer.append(UInt8(ascii: "\n"))
        for index in aggregations.indices where !aggregations[index].isPrinted {
            refresh(index, source)
            writer.write(aggregations[index], to: &buffer)
        }
    }
}

extension AggregatingFunction {
    init(_ function: Aggregation.Function) {
        switch function {
        case .count: self = .count
        case .sum: self = .sum
        case .average: self = .average
        case .minimum: self = .minimum
        case .maximum: self = .maximum
        case .deviation: self = .deviation
        case .quantize: self = .quantize
        case .linear(let low, let high, let step):
            self = LinearBuckets(from: low, to: high, step: step).map { .linear($0) } ?? .count
        case .logarithmic(let factor, let low, let high, let steps):
            self =
                LogLinearBuckets(factor: factor, from: low, through: high, steps: steps).map { .logLinear($0) }
                ?? .count
        }
    }
}

extension SymbolForm {
    /// From "module`function+0xoffset".
    fileprivate func text(of name: String) -> String {
        switch self {
        case .symbol: name
        case .function: String(name.prefix { $0 != "+" })
        case .module: String(name.prefix { $0 != "`" })
        }
    }
}
