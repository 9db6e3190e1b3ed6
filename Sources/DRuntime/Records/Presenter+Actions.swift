import DCompiler
import DLanguage
import Text

// The actions of a clause, as user space carries them out.
extension Presenter {
    mutating func perform(
        _ form: TypedStatement.Form, _ values: [Datum], _ fields: [Field],
        _ source: borrowing some AggregationSource & ~Copyable, to buffer: inout ByteBuffer
    ) {
        switch form {
        case .printf(let format, _): formats.write(format, named(values, fields), to: &buffer)
        case .trace(let value):
            if case .bytes = fields.first?.form {
                HexDump.write(values, to: &buffer)
            } else {
                trace(values, fields, of: value, to: &buffer)
            }
        case .stack: trace(values, fields, of: nil, to: &buffer)
        case .print(let value):
            guard let datum = named(values, fields).first else { return }
            PrintForm(types: typed.types, strsize: typed.options.strsize).write(datum, value.type, to: &buffer)
        case .tracemem: HexDump.write(values, to: &buffer)
        case .exit: end(with: Self.number(values.first))
        case .printa(let format, let indices):
            for index in indices { refresh(index, source) }
            writer.write(indices.map { aggregations[$0] }, by: format, to: &buffer)
            for index in indices { aggregations[index].isPrinted = true }
        case .clear(let index):
            refresh(index, source)
            aggregations[index].clear()
            restart(index, at: buffer.count)
        case .trunc(let index, let count):
            refresh(index, source)
            aggregations[index].truncate(to: count == nil ? nil : Int(clamping: Self.number(values.first)), by: order)
            if count == nil { restart(index, at: buffer.count) }
        case .normalize(let index, _):
            aggregations[index].normal = UInt64(bitPattern: max(Self.number(values.first), 1))
        case .denormalize(let index): aggregations[index].normal = 1
        case .setopt(let name, let value): set(name, value)
        case .freopen(let format, _): request(.reopen(path: text(format, values, fields)), at: buffer.count)
        case .system(let format, _): request(.run(command: text(format, values, fields)), at: buffer.count)
        case .ftruncate: request(.truncate, at: buffer.count)
        default: break
        }
    }

    private mutating func request(_ kind: OutputRequest.Kind, at offset: Int) {
        requests.append(OutputRequest(offset: offset, kind: kind))
    }

    private mutating func restart(_ index: Int, at offset: Int) {
        guard aggregations[index].function.hasEpochs else { return }
        request(.restart(aggregation: index, epoch: aggregations[index].epoch), at: offset)
    }

    private func trace(_ values: [Datum], _ fields: [Field], of value: TypedExpression?, to buffer: inout ByteBuffer) {
        for value in named(values, fields) { TraceForm.write(value, quiet: isQuiet, by: formats, to: &buffer) }
    }

    private func text(_ format: Format, _ values: [Datum], _ fields: [Field]) -> String {
        var text = ByteBuffer(capacity: 256)
        formats.write(format, named(values, fields), to: &text)
        return text.withUnsafeBytes { String(decoding: $0, as: UTF8.self) }
    }

    /// Addresses that are printed as symbols, by their names.
    func named(_ values: [Datum], _ fields: [Field]) -> [Datum] {
        guard fields.contains(where: { if case .symbol = $0.form { true } else { false } }) else { return values }
        return zip(values, fields).map { value, field in
            guard case .symbol(let form) = field.form, case .integer(let address) = value else { return value }
            return .string(form.text(of: formats.names.name(of: address.bits)))
        }
    }

    private mutating func set(_ name: String, _ value: String?) {
        let isOn = !["0", "no", "off", "false", "disable", "disabled", "unset"].contains(value?.lowercased() ?? "1")
        switch name {
        case "quiet": isQuiet = isOn
        case "flowindent": isIndented = isOn
        case "aggsortkey": order.byKey = isOn
        case "aggsortrev": order.isReversed = isOn
        case "aggsortkeypos": order.keyPosition = Int(value ?? "") ?? 0
        case "aggsortpos": order.position = Int(value ?? "") ?? 0
        default: break
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
