import DCompiler
import DLanguage
public import Text

// The counts of the kernel, and their output.
extension Presenter {
    var writer: AggregationWriter<Names> {
        var writer = AggregationWriter(formats)
        writer.order = order
        return writer
    }

    mutating func refresh(_ index: Int, _ source: borrowing some AggregationSource & ~Copyable) {
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
        if !isJSON { buffer.append(UInt8(ascii: "\n")) }
        for index in aggregations.indices where !aggregations[index].isPrinted {
            refresh(index, source)
            if isJSON {
                writeJSON(aggregations[index], to: &buffer)
            } else {
                writer.write(aggregations[index], to: &buffer)
            }
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
