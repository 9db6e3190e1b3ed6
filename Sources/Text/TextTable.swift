/// How many rows and columns of text there are room for.
public struct TableRoom: Sendable {
    /// Rows of the table. The rest is one line.
    public var rows: Int
    /// Columns of text that a line should not exceed: long texts are cut, but stay distinct.
    public var width: Int
    /// No line exceeds it, whatever is lost.
    public var isStrict: Bool

    public init(rows: Int = 20, width: Int = 120, isStrict: Bool = false) {
        self.rows = rows
        self.width = width
        self.isStrict = isStrict
    }
}

/// Cells in columns: numbers to the right of theirs, texts to the left, as wide as the widest.
public struct TextTable {
    public struct Column: Sendable {
        public enum Kind: Sendable {
            /// Aligned to the right in so many columns, the space before it included; wider where need be.
            case number(Int)
            /// Cut no further than to so many columns; nil: never cut, since a part of a number is another number.
            case text(least: Int?)
        }

        public var title: String
        public var kind: Kind

        public init(title: String, kind: Kind) {
            self.title = title
            self.kind = kind
        }
    }

    private let columns: [Column]
    private let rows: [[[UInt8]]]
    private let room: TableRoom
    private let widths: [Int]
    /// Columns that there is no room for.
    private let omitted: Set<Int>

    /// Spaces before a text.
    private static let gap = 2

    /// - Parameters:
    ///   - rows: a cell for each column.
    ///   - importance: titles of the columns that matter most, the first most of all. Where no line may exceed the room,
    ///     the others are left out first; none: the last columns are.
    public init(_ columns: [Column], rows: [[[UInt8]]], in room: TableRoom, inOrder importance: [String] = []) {
        self.columns = columns
        self.rows = rows
        self.room = room
        widths = Self.widths(columns, rows, in: room.width)
        omitted = importance.isEmpty || !room.isStrict ? [] : Self.omitted(columns, widths, importance, in: room.width)
    }

    private static func omitted(_ columns: [Column], _ widths: [Int], _ importance: [String], in room: Int) -> Set<Int>
    {
        let rank = { (index: Int) in importance.firstIndex(of: columns[index].title) ?? importance.count }
        var left = room
        var omitted: Set<Int> = []
        for index in columns.indices.sorted(by: { (rank($0), $0) < (rank($1), $1) }) {
            var width = widths[index]
            if case .text = columns[index].kind { width += gap }
            if width <= left { left -= width } else { omitted.insert(index) }
        }
        // The first is cut rather than left out.
        if omitted.count == columns.count { omitted.remove(columns.indices.min { rank($0) < rank($1) } ?? 0) }
        return omitted
    }

    public func appendTitles(_ buffer: inout ByteBuffer) {
        append(columns.map { Array($0.title.utf8) }, &buffer)
    }

    public func appendRow(_ index: Int, _ buffer: inout ByteBuffer) {
        append(rows[index], &buffer)
    }

    /// The first cells of a row, and a text of any length after them.
    public func append(_ cells: [[UInt8]], then text: StaticString, _ buffer: inout ByteBuffer) {
        append(cells, &buffer)
        buffer.appendSpaces(Self.gap)
        buffer.append(text)
    }

    private func append(_ cells: [[UInt8]], _ buffer: inout ByteBuffer) {
        var left = room.isStrict ? room.width : .max
        for (index, cell) in cells.enumerated() where !omitted.contains(index) {
            switch columns[index].kind {
            case .number:
                guard left >= widths[index] else { return buffer.trimSpaces() }
                buffer.appendSpaces(widths[index] - cell.count)
                buffer.append(cell.span.bytes)
                left -= widths[index]
            case .text:
                guard left > Self.gap else { return buffer.trimSpaces() }
                let shown = min(widths[index], left - Self.gap)
                buffer.appendSpaces(Self.gap)
                buffer.appendCell(cell, width: shown)
                left -= Self.gap + shown
            }
        }
        buffer.trimSpaces()
    }

    /// As wide as the widest cell; where the line gets too long, those texts give way that have most to give.
    private static func widths(_ columns: [Column], _ rows: [[[UInt8]]], in room: Int) -> [Int] {
        var widths = columns.enumerated().map { index, column in
            let widest = rows.map { $0[index].count }.max() ?? 0
            return switch column.kind {
            case .number(let usual): max(usual, widest + 1)
            case .text: max(column.title.utf8.count, widest)
            }
        }
        let spare = { (index: Int) -> Int in
            guard case .text(let least?) = columns[index].kind else { return 0 }
            return widths[index] - least
        }
        var excess = -room
        for (index, column) in columns.enumerated() {
            if case .text = column.kind { excess += gap }
            excess += widths[index]
        }
        while excess > 0, let index = widths.indices.max(by: { spare($0) < spare($1) }), spare(index) > 0 {
            widths[index] -= 1
            excess -= 1
        }
        return widths
    }

    /// The bytes that `body` appends.
    public static func cell(_ body: (inout ByteBuffer) -> Void) -> [UInt8] {
        var buffer = ByteBuffer(capacity: 128)
        body(&buffer)
        return buffer.withUnsafeBytes(Array.init)
    }
}

extension ByteBuffer {
    /// The text, and spaces up to `width`; a longer one ends with `…`.
    fileprivate mutating func appendCell(_ text: [UInt8], width: Int) {
        guard text.count > width else {
            append(text.span.bytes)
            return appendSpaces(width - text.count)
        }
        append(text.span.bytes.extracting(0..<width - 1))
        append("…")
    }
}
