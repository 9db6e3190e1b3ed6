import DCompiler
import DRuntime
import Testing
import Text

@Suite struct AggregationTests {
    private let writer = AggregationWriter(FormatWriter(NumericAddresses()))

    private func text(_ aggregation: AggregationTable) -> String {
        var buffer = ByteBuffer()
        writer.write(aggregation, to: &buffer)
        return buffer.string
    }

    private func aggregation(
        _ function: AggregatingFunction, _ rows: (key: [Datum], state: [Int64])...
    ) -> AggregationTable {
        var aggregation = AggregationTable("@a", function)
        aggregation.refresh(rows.map { AggregationTable.Row(key: $0.key, state: $0.state) })
        return aggregation
    }

    private func quantized(_ values: Int64...) -> [Int64] {
        var state = [Int64](repeating: 0, count: PowerBuckets.count)
        for value in values { state[PowerBuckets.bucket(of: value)] += 1 }
        return state
    }

    /// The row of the first script of the manual page: 69 columns.
    @Test func addresses() {
        let counts = aggregation(.count, ([.string("10.1.0.2")], [3]), ([.string("10.1.0.9")], [2]))
        let lines = text(counts).split(separator: "\n").map(String.init)
        #expect(lines.map(\.count) == [69, 69])
        #expect(lines[1] == "  10.1.0.2" + String(repeating: " ", count: 42) + String(repeating: " ", count: 16) + "3")
    }

    @Test func keysByType() {
        let key: [Datum] = [
            .integer(.init(bits: 1, size: 1, isSigned: true)), .integer(.init(bits: 2, size: 2, isSigned: true)),
            .int32(3), .int64(4),
        ]
        #expect(text(aggregation(.sum, (key, [5]))) == "   1     2        3                4                5\n")
        #expect(text(aggregation(.count, ([], [7]))) == "                7\n")
    }

    @Test func cpusMerge() {
        let average = aggregation(.average, ([], [2, 10]), ([], [1, 2]))
        #expect(text(average) == "                4\n")
        let least = aggregation(.minimum, ([], [0, 0, 0]), ([], [1, 9, 0]), ([], [2, 7, 0]))
        #expect(text(least) == "                7\n")
        // 2, 4, 4, 4, 5, 5, 7, 9: mean 5, deviation 2.
        let deviation = aggregation(.deviation, ([], [4, 14, 52, 0]), ([], [4, 26, 180, 0]))
        #expect(text(deviation) == "                2\n")
    }

    @Test func clearingAndTruncation() {
        var counts = aggregation(.count, ([.int32(1)], [10]), ([.int32(2)], [20]), ([.int32(3)], [30]))
        counts.truncate(to: 2)
        #expect(counts.rows.map { counts.value($0.state) }.sorted() == [20, 30])
        counts.clear()
        #expect(counts.rows.map { counts.value($0.state) }.sorted() == [0, 0])
        counts.refresh([
            .init(key: [.int32(1)], state: [11]), .init(key: [.int32(2)], state: [25]),
            .init(key: [.int32(3)], state: [30]),
        ])
        #expect(text(counts) == "        3                0\n        1                1\n        2                5\n")
        counts.truncate(to: -1)
        #expect(counts.rows.count == 1)
        counts.truncate(to: nil)
        #expect(counts.rows.isEmpty)
    }

    @Test func order() {
        let rows: [AggregationTable.Row] = [
            .init(key: [.string("b"), .int32(1)], state: [1]), .init(key: [.string("a"), .int32(2)], state: [1]),
            .init(key: [.string("c"), .int32(0)], state: [0]),
        ]
        func keys(_ order: RowOrder) -> [String] {
            order.sorted(rows, .count).map {
                if case .text(let text) = $0.key[0] { String(decoding: text, as: UTF8.self) } else { "" }
            }
        }
        var order = RowOrder()
        #expect(keys(order) == ["c", "a", "b"])
        order.isReversed = true
        #expect(keys(order) == ["b", "a", "c"])
        order.byKey = true
        #expect(keys(order) == ["c", "b", "a"])
        order.isReversed = false
        order.keyPosition = 1
        #expect(keys(order) == ["c", "b", "a"])
    }

    @Test func printa() throws {
        var normalized = aggregation(.sum, ([.string("eth0"), .int32(4)], [3000]))
        normalized.normal = 1000
        let counts = aggregation(.count, ([.string("eth0"), .int32(4)], [2]), ([.string("lo"), .int32(6)], [1]))
        var buffer = ByteBuffer()
        writer.write([counts, normalized], by: try format("%-6s %d %@4d %@d\n"), to: &buffer)
        #expect(buffer.string == "lo     6    1 0\neth0   4    2 3\n")
        buffer.removeAll()
        writer.write([counts], by: nil, to: &buffer)
        #expect(buffer.string.hasPrefix("\n  lo "))
    }

    @Test func quantize() {
        let state = quantized(0, 1, 2, 3, 5, 20, 20, 20, 1448, 1448)
        #expect(
            text(aggregation(.quantize, ([], state))) == """

                           value  ------------- Distribution ------------- count   \u{20}
                              -1 |                                         0       \u{20}
                               0 |@@@@                                     1       \u{20}
                               1 |@@@@                                     1       \u{20}
                               2 |@@@@@@@@                                 2       \u{20}
                               4 |@@@@                                     1       \u{20}
                               8 |                                         0       \u{20}
                              16 |@@@@@@@@@@@@                             3       \u{20}
                              32 |                                         0       \u{20}
                              64 |                                         0       \u{20}
                             128 |                                         0       \u{20}
                             256 |                                         0       \u{20}
                             512 |                                         0       \u{20}
                            1024 |@@@@@@@@                                 2       \u{20}
                            2048 |                                         0       \u{20}


                """)
        var mixed = quantized(4)
        mixed[PowerBuckets.bucket(of: 1)] = -1
        #expect(
            text(aggregation(.quantize, ([], mixed))).contains(
                "1           @@@@@@@@@@|                     -1       \n"))
        #expect(text(aggregation(.quantize, ([], quantized()))).split(separator: "\n").count == 4)
        #expect(PowerBuckets.bucket(of: .min) == 0)
        #expect(PowerBuckets.bucket(of: .max) == 126)
    }

    @Test func linear() throws {
        let buckets = try #require(LinearBuckets(from: 0, to: 30, step: 10))
        var state = [Int64](repeating: 0, count: buckets.count)
        for value: Int64 in [-5, 0, 9, 29, 30, .max, .min] { state[buckets.bucket(of: value)] += 1 }
        let lines = text(aggregation(.linear(buckets), ([], state))).split(separator: "\n")
        #expect(
            lines.dropFirst().map { $0.prefix(16).trimmingPrefix { $0 == " " } } == ["< 0", "0", "10", "20", ">= 30"])
        #expect(state == [2, 2, 0, 1, 2])
        #expect(LinearBuckets(from: 0, to: 100_000) == nil)
        #expect(LinearBuckets(from: 10, to: 5) == nil)
    }

    @Test func logLinear() throws {
        let buckets = try #require(LogLinearBuckets(factor: 10, from: 0, through: 2, steps: 10))
        #expect(buckets.bounds.prefix(3) == [1, 2, 3])
        #expect(buckets.bounds.suffix(3) == [800, 900, 1000])
        var state = [Int64](repeating: 0, count: buckets.count)
        for value: Int64 in [0, 5, 55, 1000, 5000] { state[buckets.bucket(of: value)] += 1 }
        let lines = text(aggregation(.logLinear(buckets), ([], state))).split(separator: "\n").dropFirst()
        #expect(lines.first?.prefix(18) == "               0 |")
        #expect(lines.last?.prefix(18) == "         >= 1000 |")
        state[buckets.bucket(of: -5)] += 1
        #expect(text(aggregation(.logLinear(buckets), ([], state))).contains("              -5 |"))
        #expect(LogLinearBuckets(factor: 10, from: 0, through: 30, steps: 10) == nil)
        #expect(LogLinearBuckets(factor: 10, from: 0, through: 2, steps: 3) == nil)
    }
}
