public import Analysis
public import Events
public import Text

/// A block of round-trip times as a table, in microseconds, the most frequent rows first:
///
///     2026-11-21 03:12:45  1.0 s: 52 round-trip times in microseconds; 318 since the start
///       RADDR        SERVICE   COUNT       MIN    MEDIAN      MEAN       P95       P99       MAX
///       10.9.0.2     443          40     10123     10240   10302.5     11008     11008     11020
///       3 more rows               12       310       402     411.0       512       601       601
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
        frame.begin(at: time, isFinal: block.isFinal, in: room, repaints: repaints, into: &buffer) {
            $0.appendHeading(block)
        }

        let shown = block.rows.prefix(max(room.rows, 1))
        let rows = shown.map { cells($0) } + remainder(block, shown: shown.count)
        let table = TextTable(columns, rows: rows, in: room)
        if !rows.isEmpty {
            table.appendTitles(&buffer)
            buffer.append(end)
        }
        for index in rows.indices {
            table.appendRow(index, &buffer)
            buffer.append(end)
            if showsHistograms, index < shown.count { buffer.append(shown[index].sum.buckets) }
        }
        frame.end(repaints: repaints, into: &buffer)
    }

    private static let titles = ["COUNT", "MIN", "MEDIAN", "MEAN", "P95", "P99", "MAX"]

    private var columns: [TextTable.Column] {
        dimensions.map { .init(title: $0.rawValue.uppercased(), kind: .text(least: nil)) }
            + Self.titles.enumerated().map { .init(title: $1, kind: .number($0 == 0 ? 8 : 10)) }
    }

    private func cells(_ row: RoundTripBlock.Row) -> [[UInt8]] {
        dimensions.map { dimension in TextTable.cell { $0.appendCell(dimension, of: row.key) } } + numbers(row.sum)
    }

    /// The rest that no row shows: the sum of all lines is the number in the heading.
    private func remainder(_ block: RoundTripBlock, shown: Int) -> [[[UInt8]]] {
        var rows: [[[UInt8]]] = []
        let blank = [[UInt8]](repeating: [], count: max(dimensions.count - 1, 0))
        let hidden = block.rows.dropFirst(shown)
        if !hidden.isEmpty {
            rows.append([TextTable.cell { $0.appendMoreRows(hidden.count) }] + blank + numbers(block.sum(of: hidden)))
        }
        if block.other.count > 0 {
            rows.append([Array("other rows, for which there was no room".utf8)] + blank + numbers(block.other))
        }
        return rows
    }

    private func numbers(_ times: RoundTrips) -> [[UInt8]] {
        let count = TextTable.cell { $0.appendDecimal(times.count) }
        guard times.maximum > 0 else { return [count] + Self.titles.dropFirst().map { _ in [UInt8(ascii: "-")] } }
        return [
            count, TextTable.cell { $0.appendDecimal(times.minimum) },
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
