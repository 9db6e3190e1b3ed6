public import Analysis
public import Events

/// A block of round-trip times as a table, in microseconds, the most frequent rows first:
///
///     2026-11-21 03:12:45  1.0 s: 52 round-trip times in microseconds; 318 since the start
///       COUNT       MIN    MEDIAN      MEAN       P95       P99       MAX  RADDR     SERVICE
///          40     10123     10241   10302.5     10900     10900     10912  10.9.0.2  443
///          12       310       402     411.0       512       600       601  3 more rows
public struct RoundTripTable {
    private let dimensions: [RoundTripDimension]
    private let showsHistograms: Bool
    private var frame: TableFrame

    /// - Parameters:
    ///   - dimensions: the columns, in this order.
    ///   - showsHistograms: below each row, how the times are distributed.
    public init(dimensions: [RoundTripDimension], showsHistograms: Bool = false, coloured: Bool = false) {
        self.dimensions = dimensions
        self.showsHistograms = showsHistograms
        frame = TableFrame(Style(isColoured: coloured))
    }

    /// Appends the block, and an empty line unless it repaints.
    ///
    /// - Parameters:
    ///   - time: when the block ended, nanoseconds of CLOCK_REALTIME.
    ///   - repaints: over what a terminal shows.
    public mutating func render(
        _ block: RoundTripBlock, at time: Int64, in room: TableRoom, repaints: Bool, into buffer: inout ByteBuffer
    ) {
        let end = TableFrame.lineEnd(repaints: repaints)
        frame.begin(at: time, isFinal: block.isFinal, repaints: repaints, into: &buffer) { $0.appendHeading(block) }

        let shown = block.rows.prefix(max(room.rows, 1))
        let table = TextTable(
            columns,
            rows: shown.map { row in
                numbers(row.sum)
                    + dimensions.map { dimension in TextTable.cell { $0.appendCell(dimension, of: row.key) } }
            }, in: room)
        if !shown.isEmpty {
            table.appendTitles(&buffer)
            buffer.append(end)
        }
        for (index, row) in shown.enumerated() {
            table.appendRow(index, &buffer)
            buffer.append(end)
            if showsHistograms { buffer.append(row.sum.buckets) }
        }
        let hidden = block.rows.dropFirst(shown.count)
        if !hidden.isEmpty {
            table.append(numbers(block.sum(of: hidden)), then: "", &buffer)
            buffer.appendMoreRows(hidden.count)
            buffer.append(end)
        }
        if block.other.count > 0 {
            let count = TextTable.cell { $0.appendDecimal(block.other.count) }
            table.append([count], then: "of other rows, for which the table had no room", &buffer)
            buffer.append(end)
        }
        frame.end(repaints: repaints, into: &buffer)
    }

    private static let titles = ["COUNT", "MIN", "MEDIAN", "MEAN", "P95", "P99", "MAX"]

    private var columns: [TextTable.Column] {
        Self.titles.enumerated().map { .init(title: $1, kind: .number($0 == 0 ? 8 : 10)) }
            + dimensions.map { .init(title: $0.rawValue.uppercased(), kind: .text(least: nil)) }
    }

    private func numbers(_ times: RoundTrips) -> [[UInt8]] {
        [
            TextTable.cell { $0.appendDecimal(times.count) }, TextTable.cell { $0.appendDecimal(times.minimum) },
            TextTable.cell { $0.appendDecimal(times.percentile(0.5)) }, TextTable.cell { $0.appendTenths(times.mean) },
            TextTable.cell { $0.appendDecimal(times.percentile(0.95)) },
            TextTable.cell { $0.appendDecimal(times.percentile(0.99)) },
            TextTable.cell { $0.appendDecimal(times.maximum) },
        ]
    }
}

extension ByteBuffer {
    fileprivate mutating func appendHeading(_ block: RoundTripBlock) {
        let count = block.sum.count
        appendTenths(block.seconds)
        append(" s: ")
        appendDecimal(count)
        append(count == 1 ? " round-trip time in microseconds" : " round-trip times in microseconds")
        guard !block.isFinal else { return }
        append("; ")
        appendDecimal(block.sinceStart.count)
        append(" since the start")
    }

    fileprivate mutating func appendCell(_ dimension: RoundTripDimension, of key: RoundTripKey) {
        switch dimension {
        case .raddr: append(key.remote, etherType: key.etherType)
        case .laddr: append(key.local, etherType: key.etherType)
        case .rport: appendDecimal(key.remotePort)
        case .lport: appendDecimal(key.localPort)
        case .service: appendDecimal(key.service)
        case .netns: appendDecimal(key.netns)
        }
    }
}
