/// The heading and the end of a table that is shown repeatedly: its time, and the interval that it covers.
///
/// On a terminal each table is painted over the last one, from the upper left corner on (ECMA-48 CUP, EL, ED); elsewhere
/// an empty line follows it.
public struct TableFrame {
    private let style: Style
    private var date = DateText(separator: UInt8(ascii: " "), isLocal: true)

    public init(_ style: Style) {
        self.style = style
    }

    /// The end of a line.
    public static func lineEnd(repaints: Bool) -> StaticString { repaints ? "\u{1b}[K\n" : "\n" }

    /// Appends the heading: the time in nanoseconds of CLOCK_REALTIME, and the text that `body` appends. It is cut where
    /// the terminal's line ends: a wrapped line would take a row that the table needs.
    public mutating func begin(
        at time: Int64, isFinal: Bool, in room: TableRoom, repaints: Bool, into buffer: inout ByteBuffer,
        _ body: (inout ByteBuffer) -> Void
    ) {
        if repaints { buffer.append("\u{1b}[H") }
        buffer.appendStyle(style.group)
        let start = buffer.count
        _ = date.append(time, to: &buffer)
        buffer.append(isFinal ? "  whole run, " : "  ")
        body(&buffer)
        if room.isStrict { buffer.truncate(to: min(buffer.count, start + max(room.width, 0))) }
        buffer.appendStyle(style.end)
        buffer.append(Self.lineEnd(repaints: repaints))
    }

    public func end(repaints: Bool, into buffer: inout ByteBuffer) {
        buffer.append(repaints ? "\u{1b}[J" : "\n")
    }
}
