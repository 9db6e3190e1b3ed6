extension TypedProgram {
    /// The program as it is understood: variables with their types, clauses with every name resolved.
    public var listing: String {
        let writer = ExpressionListing(program: self)
        var lines: [String] = []
        for variable in variables {
            lines.append(
                "variable \(ExpressionListing.name(variable.scope, variable.name)): \(Self.kind(variable.type, writer))"
            )
        }
        for array in arrays {
            let keys = array.keys.map { Self.kind($0, writer) }.joined(separator: ", ")
            lines.append(
                "array \(ExpressionListing.name(array.scope, array.name))[\(keys)]: \(Self.kind(array.element, writer))"
            )
        }
        for aggregation in aggregations {
            let keys = aggregation.keys.map { Self.kind($0, writer) }.joined(separator: ", ")
            lines.append(
                "aggregation @\(aggregation.name)[\(keys)]: \(aggregation.isSigned ? "signed" : "unsigned") "
                    + aggregation.function.spelling)
        }
        for clause in clauses {
            lines.append(clause.probes.map(\.description).joined(separator: ", "))
            if let predicate = clause.predicate { lines.append("/ \(writer.text(predicate)) /") }
            lines.append("{")
            lines += clause.statements.map { "    " + writer.text($0) + ";" }
            lines.append("}")
        }
        return lines.map { $0 + "\n" }.joined()
    }

    private static func kind(_ type: DType, _ writer: ExpressionListing) -> String {
        type == .addressText ? "address" : writer.type(type)
    }
}

extension ExpressionListing {
    func text(_ statement: TypedStatement) -> String {
        func name(_ index: Int) -> String { "@\(program.aggregations[index].name)" }
        func list(_ values: [TypedExpression]) -> String { values.map { ", " + text($0) }.joined() }
        switch statement.form {
        case .evaluate(let value): return text(value)
        case .aggregate(let update):
            let function = program.aggregations[update.aggregation].function.spelling.prefix { $0 != "(" }
            let values = [update.value, update.increment].compactMap { $0.map(text) }.joined(separator: ", ")
            let keys = update.keys.isEmpty ? "" : "[\(update.keys.map(text).joined(separator: ", "))]"
            return "\(name(update.aggregation))\(keys) = \(function)(\(values))"
        case .trace(let value): return "trace(\(text(value)))"
        case .printf(let format, let values): return "printf(\(text(format))\(list(values)))"
        case .tracemem(let address, let size, let length):
            return "tracemem(\(text(address)), \(size)\(length.map { ", " + text($0) } ?? ""))"
        case .print(let value): return "print(\(text(value)))"
        case .stack(let frames): return "stack(\(frames))"
        case .printa(let format, let aggregations):
            let names = aggregations.map(name).joined(separator: ", ")
            return "printa(\(format.map { text($0) + ", " } ?? "")\(names))"
        case .clear(let index): return "clear(\(name(index)))"
        case .trunc(let index, let count): return "trunc(\(name(index))\(count.map { ", " + text($0) } ?? ""))"
        case .normalize(let index, let by): return "normalize(\(name(index)), \(text(by)))"
        case .denormalize(let index): return "denormalize(\(name(index)))"
        case .exit(let status): return "exit(\(text(status)))"
        case .speculate(let id): return "speculate(\(text(id)))"
        case .commit(let id): return "commit(\(text(id)))"
        case .discard(let id): return "discard(\(text(id)))"
        case .setopt(let option, let value):
            return "setopt(\(option)\(value.map { ", " + $0 } ?? ""))"
        case .freopen(let format, let values): return "freopen(\(text(format))\(list(values)))"
        case .ftruncate: return "ftruncate()"
        case .system(let format, let values): return "system(\(text(format))\(list(values)))"
        case .stop: return "stop()"
        case .raise(let signal): return "raise(\(text(signal)))"
        case .panic: return "panic()"
        case .breakpoint: return "breakpoint()"
        case .chill(let time): return "chill(\(text(time)))"
        case .pcap(let packet, let file): return "pcap(\(text(packet)), \(text(file)))"
        case .fired: return "fired"
        }
    }

    /// Conversions with the index of their argument: `%10d#0`.
    private func text(_ format: Format) -> String {
        var text = ""
        for piece in format.pieces {
            switch piece {
            case .text(let bytes): text += Self.quoted(bytes).dropFirst().dropLast()
            case .conversion(let conversion): text += self.text(conversion)
            }
        }
        return "\"\(text)\""
    }

    private func text(_ conversion: Format.Conversion) -> String {
        func number(_ number: Format.Conversion.Number) -> String {
            switch number {
            case .fixed(let value): "\(value)"
            case .argument(let index): "*#\(index)"
            }
        }
        var text = "%" + (conversion.isAggregation ? "@" : "")
        let flags: [(Format.Conversion.Flags, String)] = [
            (.left, "-"), (.plus, "+"), (.space, " "), (.zero, "0"), (.alternate, "#"), (.grouped, "'"),
        ]
        for (flag, letter) in flags where conversion.flags.contains(flag) { text += letter }
        if let width = conversion.width { text += number(width) }
        if let precision = conversion.precision { text += "." + number(precision) }
        return text + "{\(conversion.kind)\(conversion.size == 0 ? "" : " \(conversion.size)") #\(conversion.argument)}"
    }
}
