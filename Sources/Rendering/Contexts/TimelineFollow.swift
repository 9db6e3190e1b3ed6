public import Analysis
public import Events
public import Text

/// Lines as the events come, each with a short number of its packet, in a colour per packet on terminals:
/// `   #12 463697.331957: [ip_rcv]: ICMP: 192.168.122.8 -> 10.123.119.98, ping request , seq: 0`.
public struct FollowRenderer: EventRenderer {
    private var lines: LineRenderer
    private var numbers: PacketNumbers
    private let isColoured: Bool

    /// Parameters as for `LineRenderer`.
    ///
    /// - Parameter numbers: with the memory for as many packets as are distinguished.
    public init(
        names: NameTable, columns: OutputColumns = [], tracerWidth: Int? = nil, time: TimeStyle = .monotonic,
        coloured: Bool = false, payload: PayloadForm? = nil, numbers: PacketNumbers = PacketNumbers()
    ) {
        self.numbers = numbers
        lines = LineRenderer(
            names: names, columns: columns, tracerWidth: tracerWidth, time: time, coloured: coloured, payload: payload)
        isColoured = coloured
    }

    /// Appends the event's line, newline included.
    public mutating func render(_ event: EventView, into buffer: inout ByteBuffer) {
        if let context = event.context {
            appendNumber(numbers.number(of: context), &buffer)
        } else {
            buffer.append("    #- ")
        }
        lines.render(event, into: &buffer)
    }

    /// Right-aligned for numbers up to 99999.
    private func appendNumber(_ number: UInt64, _ buffer: inout ByteBuffer) {
        var bound: UInt64 = 10
        while bound <= 10_000 {
            if number < bound { buffer.append(UInt8(ascii: " ")) }
            bound *= 10
        }
        if isColoured { buffer.append(PacketColour.start(of: number)) }
        buffer.append(UInt8(ascii: "#"))
        buffer.appendDecimal(number)
        if isColoured { buffer.append(PacketColour.end) }
        buffer.append(UInt8(ascii: " "))
    }
}

/// Colours that can be distinguished on dark and on light terminals; packets that follow each other have different ones.
private enum PacketColour {
    static func start(of number: UInt64) -> StaticString {
        switch number % 6 {
        case 0: "\u{1b}[1;32m"
        case 1: "\u{1b}[1;33m"
        case 2: "\u{1b}[1;34m"
        case 3: "\u{1b}[1;35m"
        case 4: "\u{1b}[1;36m"
        default: "\u{1b}[1;31m"
        }
    }

    static let end: StaticString = "\u{1b}[0m"
}
