public import Analysis
public import Events
public import Text

/// A block of drops as a table, the most frequent rows first:
///
///     2026-11-21 03:12:45  1.0 s: 1240 drops, 1240.0/s, 148800 bytes; 9318 since the start
///          COUNT      PER S     SINCE START  REASON     LOCATION                         DEVICE
///           1200     1200.0            9000  NO_SOCKET  udp_unicast_rcv_skb+0x75 (udp)   eth0
///             40       40.0             318  3 more rows
public struct DropTable {
    private let names: NameTable
    private let dimensions: [DropDimension]
    private let style: Style
    private var frame: TableFrame

    public typealias Room = TableRoom

    /// - Parameter dimensions: the columns, in this order.
    public init(names: NameTable, dimensions: [DropDimension], coloured: Bool = false) {
        self.names = names
        self.dimensions = dimensions
        style = Style(isColoured: coloured)
        frame = TableFrame(style)
    }

    /// Appends the block, and an empty line unless it repaints.
    ///
    /// - Parameters:
    ///   - time: when the block ended, nanoseconds of CLOCK_REALTIME.
    ///   - repaints: over what a terminal shows.
    public mutating func render(
        _ block: DropBlock, at time: Int64, in room: Room, repaints: Bool, into buffer: inout ByteBuffer
    ) {
        let end = TableFrame.lineEnd(repaints: repaints)
        frame.begin(at: time, isFinal: block.isFinal, in: room, repaints: repaints, into: &buffer) {
            $0.appendHeading(block)
        }

        let shown = block.rows.prefix(max(room.rows, 1))
        let table = TextTable(
            columns,
            rows: shown.map { row in
                numbers(row.sum, row.total, of: block)
                    + dimensions.map { dimension in TextTable.cell { $0.appendCell(dimension, of: row.key, names) } }
            }, in: room)
        if !shown.isEmpty {
            table.appendTitles(&buffer)
            buffer.append(end)
        }
        for (index, row) in shown.enumerated() {
            let isNormal =
                dimensions.contains(.reason) && names.isNormalEnd(reason: row.key.reason, at: row.key.location)
            if isNormal { buffer.appendStyle(style.faint) }
            table.appendRow(index, &buffer)
            if isNormal { buffer.appendStyle(style.end) }
            buffer.append(end)
        }
        appendRemainder(block, shown: shown.count, table, end, &buffer)
        frame.end(repaints: repaints, into: &buffer)
    }

    private var columns: [TextTable.Column] {
        [
            .init(title: "COUNT", kind: .number(10)), .init(title: "PER S", kind: .number(12)),
            .init(title: "SINCE START", kind: .number(12)),
        ] + dimensions.map { .init(title: $0.rawValue.uppercased(), kind: .text(least: $0.leastWidth)) }
    }

    private func numbers(_ sum: DropSum, _ total: UInt64?, of block: DropBlock) -> [[UInt8]] {
        [
            TextTable.cell { $0.appendDecimal(sum.packets) }, TextTable.cell { $0.appendTenths(block.rate(of: sum)) },
            TextTable.cell { if let total { $0.appendDecimal(total) } else { $0.append("-") } },
        ]
    }

    /// The rest that no row shows: the sum of all lines is the number in the heading.
    private func appendRemainder(
        _ block: DropBlock, shown: Int, _ table: TextTable, _ end: StaticString, _ buffer: inout ByteBuffer
    ) {
        let hidden = block.rows.dropFirst(shown)
        if !hidden.isEmpty {
            let numbers = numbers(block.sum(of: hidden), hidden.reduce(0) { $0 + $1.total }, of: block)
            table.append(numbers, then: "", &buffer)
            buffer.appendMoreRows(hidden.count)
            buffer.append(end)
        }
        if block.other.packets > 0 {
            table.append(
                numbers(block.other, nil, of: block), then: "other rows, for which the table had no room", &buffer)
            buffer.append(end)
        }
    }
}

extension RowBlock {
    /// Of some of its rows.
    func sum(of rows: ArraySlice<Row>) -> Sum { rows.reduce(into: Sum()) { $0.add($1.sum) } }
}

extension DropDimension {
    /// Cut no further; nil: never cut.
    fileprivate var leastWidth: Int? {
        switch self {
        case .reason: 20
        case .location: 24
        case .device: 15
        default: nil
        }
    }
}

extension ByteBuffer {
    fileprivate mutating func appendHeading(_ block: DropBlock) {
        let sum = block.sum
        appendTenths(block.seconds)
        append(" s: ")
        appendDecimal(sum.packets)
        append(sum.packets == 1 ? " drop, " : " drops, ")
        appendTenths(block.rate(of: sum))
        append("/s, ")
        appendDecimal(sum.bytes)
        append(" bytes")
        guard !block.isFinal else { return }
        append("; ")
        appendDecimal(block.sinceStart.packets)
        append(" since the start")
    }

    mutating func appendMoreRows(_ count: Int) {
        appendDecimal(count)
        append(count == 1 ? " more row" : " more rows")
    }
}
