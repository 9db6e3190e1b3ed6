public import Analysis
public import Events

/// A block of drops as a table, the most frequent rows first:
///
///     2026-11-21 03:12:45  1.0 s: 1240 drops, 1240.0/s, 148.8 kB; 9318 since the start
///          COUNT      PER S     SINCE START  REASON     LOCATION                         DEVICE
///           1200     1200.0            9000  NO_SOCKET  udp_unicast_rcv_skb+0x75 (udp)   eth0
///             40       40.0             318  3 more rows
public struct DropTable {
    private let names: NameTable
    private let dimensions: [DropDimension]
    private let style: Style
    private var date = DateText(separator: UInt8(ascii: " "), isLocal: true)

    /// How many rows and columns of text there are room for.
    public struct Room: Sendable {
        /// Rows of the table. The rest is one line.
        public var rows: Int
        /// Columns of text that a line should not exceed: reasons, places and devices give way, down to what still
        /// tells them apart.
        public var width: Int
        /// No line exceeds it, whatever is lost.
        public var isStrict: Bool

        public init(rows: Int = 20, width: Int = 120, isStrict: Bool = false) {
            self.rows = rows
            self.width = width
            self.isStrict = isStrict
        }
    }

    /// - Parameter dimensions: the columns, in this order.
    public init(names: NameTable, dimensions: [DropDimension], coloured: Bool = false) {
        self.names = names
        self.dimensions = dimensions
        style = Style(isColoured: coloured)
    }

    /// Appends the block, and an empty line unless it repaints.
    ///
    /// - Parameters:
    ///   - time: when the block ended, nanoseconds of CLOCK_REALTIME.
    ///   - repaints: over what a terminal shows, from its upper left corner on (ECMA-48 CUP, EL, ED).
    public mutating func render(
        _ block: DropBlock, at time: Int64, in room: Room, repaints: Bool, into buffer: inout ByteBuffer
    ) {
        let end: StaticString = repaints ? "\u{1b}[K\n" : "\n"
        if repaints { buffer.append("\u{1b}[H") }
        appendHeading(block, at: time, &buffer)
        buffer.append(end)

        let shown = block.rows.prefix(max(room.rows, 1))
        let cells = shown.map { row in dimensions.map { cell($0, row.key) } }
        let widths = widths(of: cells, in: room.width)
        if !shown.isEmpty {
            buffer.append("     COUNT       PER S SINCE START")
            appendCells(dimensions.map { Array($0.rawValue.uppercased().utf8) }, widths, in: room, &buffer)
            buffer.append(end)
        }
        for (row, texts) in zip(shown, cells) {
            let isNormal = dimensions.contains(.reason) && names.dropNotes?.isNormal(row.key.reason) == true
            if isNormal { buffer.append(style.faint) }
            buffer.appendNumbers(row.sum, row.total, rate: block.rate(of: row.sum))
            appendCells(texts, widths, in: room, &buffer)
            if isNormal { buffer.append(style.end) }
            buffer.append(end)
        }
        appendRemainder(block, shown: shown.count, end, &buffer)
        buffer.append(repaints ? "\u{1b}[J" : "\n")
    }

    private mutating func appendHeading(_ block: DropBlock, at time: Int64, _ buffer: inout ByteBuffer) {
        let sum = block.sum
        buffer.append(style.group)
        _ = date.append(time, to: &buffer)
        buffer.append(block.isFinal ? "  whole run, " : "  ")
        buffer.appendTenths(block.seconds)
        buffer.append(" s: ")
        buffer.appendDecimal(sum.packets)
        buffer.append(sum.packets == 1 ? " drop, " : " drops, ")
        buffer.appendTenths(block.rate(of: sum))
        buffer.append("/s, ")
        buffer.appendDecimal(sum.bytes)
        buffer.append(" bytes")
        if !block.isFinal {
            buffer.append("; ")
            buffer.appendDecimal(block.sinceStart.packets)
            buffer.append(" since the start")
        }
        buffer.append(style.end)
    }

    private func appendCells(_ texts: [[UInt8]], _ widths: [Int], in room: Room, _ buffer: inout ByteBuffer) {
        var left = room.isStrict ? room.width - numbersWidth : .max
        for (text, width) in zip(texts, widths) where left > gap {
            let shown = min(width, left - gap)
            buffer.appendCell(text, width: shown)
            left -= gap + shown
        }
        buffer.trimSpaces()
    }

    /// What no row shows: the sum of all lines is the number in the heading.
    private func appendRemainder(
        _ block: DropBlock, shown: Int, _ end: StaticString, _ buffer: inout ByteBuffer
    ) {
        let hidden = block.rows.dropFirst(shown)
        if !hidden.isEmpty {
            let sum = block.sum(of: hidden)
            buffer.appendNumbers(sum, hidden.reduce(0) { $0 + $1.total }, rate: block.rate(of: sum))
            buffer.append("  ")
            buffer.appendDecimal(hidden.count)
            buffer.append(hidden.count == 1 ? " more row" : " more rows")
            buffer.append(end)
        }
        if block.other.packets > 0 {
            buffer.appendNumbers(block.other, nil, rate: block.rate(of: block.other))
            buffer.append("  other rows, for which the table had no room")
            buffer.append(end)
        }
    }

    private func cell(_ dimension: DropDimension, _ key: DropKey) -> [UInt8] {
        var buffer = ByteBuffer(capacity: 128)
        buffer.appendCell(dimension, of: key, names)
        return buffer.withUnsafeBytes(Array.init)
    }

    /// As wide as the widest cell; where the line gets too long, those columns give way that have most to give.
    private func widths(of cells: [[[UInt8]]], in room: Int) -> [Int] {
        var widths = dimensions.enumerated().map { column, dimension in
            max(dimension.rawValue.utf8.count, cells.map { $0[column].count }.max() ?? 0)
        }
        var excess = numbersWidth + widths.reduce(0) { $0 + gap + $1 } - room
        let spare = { (column: Int, width: Int) in width - (dimensions[column].leastWidth ?? width) }
        while excess > 0, let column = widths.indices.max(by: { spare($0, widths[$0]) < spare($1, widths[$1]) }),
            spare(column, widths[column]) > 0
        {
            widths[column] -= 1
            excess -= 1
        }
        return widths
    }
}

extension DropBlock {
    /// Of some of its rows.
    func sum(of rows: ArraySlice<Row>) -> DropSum {
        DropSum(packets: rows.reduce(0) { $0 + $1.sum.packets }, bytes: rows.reduce(0) { $0 + $1.sum.bytes })
    }
}

extension DropDimension {
    /// Cut no further; nil: never cut, since a part of a number is another number.
    fileprivate var leastWidth: Int? {
        switch self {
        case .reason: 20
        case .location: 24
        case .device: 15
        default: nil
        }
    }
}

/// Count, rate and total: 10, 12 and 12 columns.
private let numbersWidth = 34
/// Spaces before a cell.
private let gap = 2

extension ByteBuffer {
    fileprivate mutating func appendNumbers(_ sum: DropSum, _ total: UInt64?, rate: Double) {
        appendRight(width: 10) { $0.appendDecimal(sum.packets) }
        appendRight(width: 12) { $0.appendTenths(rate) }
        appendRight(width: 12) {
            if let total { $0.appendDecimal(total) } else { $0.append("-") }
        }
    }

    private mutating func appendRight(width: Int, _ body: (inout ByteBuffer) -> Void) {
        var text = ByteBuffer(capacity: 64)
        body(&text)
        append(contentsOf: repeatElement(UInt8(ascii: " "), count: max(0, width - text.count)))
        append(text.bytes)
    }

    /// Two spaces, the text, and spaces up to `width`; a longer one ends with `…`.
    fileprivate mutating func appendCell(_ text: [UInt8], width: Int) {
        append("  ")
        guard text.count > width else {
            append(text.span.bytes)
            append(contentsOf: repeatElement(UInt8(ascii: " "), count: width - text.count))
            return
        }
        append(text.span.bytes.extracting(0..<width - 1))
        append("…")
    }
}
