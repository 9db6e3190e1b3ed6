public import DLanguage
public import Text

/// Prints aggregations: rows by default, and printa().
public struct AggregationWriter<Names: AddressNames> {
    let formats: FormatWriter<Names>
    public var order = RowOrder()

    public init(_ formats: FormatWriter<Names>) { self.formats = formats }

    /// The rows without a format: the key's parts, each in the width of its type, then the value.
    public func write(_ aggregation: AggregationTable, to buffer: inout ByteBuffer) {
        for row in order.sorted(aggregation.rows, aggregation.function) {
            for part in row.key { writeKey(part, to: &buffer) }
            writeValue(row.state, of: aggregation, to: &buffer)
            buffer.append(UInt8(ascii: "\n"))
        }
    }

    /// printa() with aggregations of the same keys: a row for each key that one of them has; without a format, a line
    /// break comes first.
    public func write(_ aggregations: [AggregationTable], by format: Format?, to buffer: inout ByteBuffer) {
        let rows = joined(aggregations)
        guard let format else {
            buffer.append(UInt8(ascii: "\n"))
            for row in rows {
                for part in row.key { writeKey(part, to: &buffer) }
                for (state, aggregation) in zip(row.states, aggregations) {
                    writeValue(state, of: aggregation, to: &buffer)
                }
                buffer.append(UInt8(ascii: "\n"))
            }
            return
        }
        for row in rows {
            formats.write(format, row.key, to: &buffer) { index, conversion, buffer in
                guard !aggregations.isEmpty else { return }
                let index = min(index, aggregations.count - 1)
                write(row.states[index], of: aggregations[index], by: conversion, to: &buffer)
            }
        }
    }

    private struct JoinedRow {
        var key: [Datum]
        var states: [[Int64]]
    }

    private func joined(_ aggregations: [AggregationTable]) -> [JoinedRow] {
        var rows: [[Datum]: [[Int64]]] = [:]
        let blank = aggregations.map { [Int64](repeating: 0, count: $0.function.words) }
        for (index, aggregation) in aggregations.enumerated() {
            for row in aggregation.rows { rows[row.key, default: blank][index] = row.state }
        }
        let decisive = min(max(order.position, 0), max(aggregations.count - 1, 0))
        let valued = rows.map { key, states in
            (JoinedRow(key: key, states: states), aggregations[decisive].function.value(states[decisive]))
        }
        return valued.sorted { order.precedes($0.0.key, $0.1, $1.0.key, $1.1) }.map(\.0)
    }

    private func write(
        _ state: [Int64], of aggregation: AggregationTable, by conversion: Format.Conversion,
        to buffer: inout ByteBuffer
    ) {
        if let distribution = Distribution(aggregation.function, state, normal: aggregation.normal) {
            distribution.write(to: &buffer)
        } else {
            formats.write(.int64(aggregation.value(state)), by: conversion, to: &buffer)
        }
    }

    private func writeKey(_ part: Datum, to buffer: inout ByteBuffer) {
        switch part {
        case .text(let text):
            buffer.append("  ")
            buffer.append(contentsOf: text)
            buffer.appendSpaces(50 - text.count)
        case .stack(let frames): formats.writeStack(frames, to: &buffer)
        case .integer(let number):
            let width =
                switch number.size {
                case 1: 3
                case 2: 5
                case 4: 8
                default: 16
                }
            writeNumber(part, width, to: &buffer)
        }
    }

    private func writeValue(_ state: [Int64], of aggregation: AggregationTable, to buffer: inout ByteBuffer) {
        if let distribution = Distribution(aggregation.function, state, normal: aggregation.normal) {
            distribution.write(to: &buffer)
        } else {
            writeNumber(.int64(aggregation.value(state)), 16, to: &buffer)
        }
    }

    private func writeNumber(_ number: Datum, _ width: Int, to buffer: inout ByteBuffer) {
        guard case .integer(let integer) = number else { return }
        buffer.append(UInt8(ascii: " "))
        formats.write(number, by: .decimal(width: width, isSigned: integer.isSigned), to: &buffer)
    }
}
