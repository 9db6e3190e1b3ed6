public import Analysis
public import Events
public import Pipeline
public import Text

/// One block per packet: a header with its skb, a line per event as `LineRenderer` shows it, and how it ended.
///
/// Before each line stand the time since the previous event and, where the packet had several skbs, which one it is:
///
///     <------------------- skb: ffff88818f02f900 ---------------------->
///          +0.000 f900 463697.331957: [ip_rcv     ]: ICMP: 192.168.122.8 -> 10.123.119.98, ping request , seq: 0
///         +15.120 fb00 463697.331972: [consume_skb]: ICMP: 192.168.122.8 -> 10.123.119.98, ping request , seq: 0
///     = consumed after ip_rcv, 15.120 µs, 2 skbs
public struct TimelineRenderer: ContextRenderer {
    private var lines: LineRenderer
    private let names: NameTable
    private let style: Style
    private let tellsReturns: Bool
    private let payload: PayloadForm?

    /// Parameters as for `LineRenderer`.
    public init(
        names: NameTable, columns: OutputColumns = [], tracerWidth: Int? = nil,
        time: TimeStyle = .monotonic, coloured: Bool = false, payload: PayloadForm? = nil
    ) {
        lines = LineRenderer(
            names: names, columns: columns, tracerWidth: tracerWidth, time: time, coloured: coloured, payload: payload)
        self.payload = payload
        self.names = names
        style = Style(isColoured: coloured)
        tellsReturns = columns.contains(.returns)
    }

    /// Appends the block.
    public mutating func render(_ context: FinishedContext, _ ending: ContextEnding, into buffer: inout ByteBuffer) {
        buffer.appendHeader(of: context, style)
        let digits = SkbSuffix.digits(for: context)
        var previous: UInt64?
        var changes = payload.map { PayloadChanges(fromLink: $0.fromLink) }
        for index in 0..<context.count {
            guard context.isShown(at: index), !context.isToldWithCall(at: index),
                let event = context.event(at: index)
            else { continue }
            buffer.appendStyle(style.faint)
            buffer.appendDelta(event.timestamp - (previous ?? event.timestamp))
            previous = event.timestamp
            if digits > 0 { SkbSuffix.append(event.skb, digits: digits, to: &buffer) }
            buffer.appendStyle(style.end)
            lines.render(
                event, tellsReturns ? context.end(of: event, at: index) : .untold,
                showsPayload: changes?.shows(event, at: index, of: context) ?? false, into: &buffer)
        }
        buffer.append(ending, of: context, names, style)
        buffer.append("\n")
    }

    public mutating func render(_ verdict: VerdictTally.Entry, into buffer: inout ByteBuffer) {
        VerdictText(style: style).append(verdict, to: &buffer)
    }

    /// Appends an empty line.
    public mutating func renderEndOfContext(into buffer: inout ByteBuffer) {
        buffer.append(UInt8(ascii: "\n"))
    }

    /// Appends the event's line and an empty line.
    public mutating func renderUntracked(_ event: EventView, into buffer: inout ByteBuffer) {
        lines.render(event, into: &buffer)
        buffer.append(UInt8(ascii: "\n"))
    }
}

extension FinishedContext {
    /// Whether XDP has lost it as a frame: its only event has a number in place of an skb.
    var isOfFrames: Bool { event(at: 0)?.isOfFrames == true }

    /// How the call at `index` has ended.
    func end(of event: EventView, at index: Int) -> CallEnd {
        guard event.flags.contains(.call), !isReturn(at: index) else { return .untold }
        guard let partner = partner(of: index), let end = self.event(at: partner), let section = end.functionReturn
        else { return .unseen }
        return .returned(section, duration: end.callDuration)
    }
}

/// The short form of an skb's address: as many of its last digits as distinguish the skbs of one block.
enum SkbSuffix {
    /// 0 if all events are of one skb. At least 4, since fewer do not look like an address.
    static func digits(for context: FinishedContext) -> Int {
        guard showsSeveral(context) else { return 0 }
        var digits = 4
        while digits < 16, !areUnique(context.skbs, digits) {
            digits += 1
        }
        return digits
    }

    /// A copy without an event is not shown, so its address need not be distinct.
    private static func showsSeveral(_ context: FinishedContext) -> Bool {
        guard context.skbs.count > 1 else { return false }
        for index in 0..<context.count where context.skbIndex(at: index) != context.skbIndex(at: 0) {
            return true
        }
        return false
    }

    private static func areUnique(_ skbs: Span<UInt64>, _ digits: Int) -> Bool {
        let shift = UInt64(64 - 4 * digits)
        for left in skbs.indices {
            for right in 0..<left where skbs[left] << shift == skbs[right] << shift {
                return false
            }
        }
        return true
    }

    static func append(_ skb: UInt64, digits: Int, to buffer: inout ByteBuffer) {
        if skb == 0 {
            for _ in 1..<digits { buffer.append(UInt8(ascii: " ")) }
            buffer.append(UInt8(ascii: "-"))
        } else {
            buffer.appendHex(skb & (UInt64.max >> UInt64(64 - 4 * digits)), width: digits)
        }
        buffer.append(UInt8(ascii: " "))
    }
}

extension ByteBuffer {
    /// Microseconds with nanosecond digits: `152.310`.
    mutating func appendMicroseconds(_ nanoseconds: UInt64) {
        appendDecimal(nanoseconds / 1000)
        append(UInt8(ascii: "."))
        appendDecimal(nanoseconds % 1000, width: 3)
    }

    /// The first line of a block: the packet's first skb.
    mutating func appendHeader(of context: FinishedContext, _ style: Style) {
        appendStyle(style.group)
        append("<------------------- skb: ")
        if context.skbs.isEmpty || context.isOfFrames {
            append("none")
        } else {
            appendHex(context.skbs[0], width: 16)
        }
        append(" ---------------------->")
        appendStyle(style.end)
        append(UInt8(ascii: "\n"))
    }

    /// A time, right-aligned in a column that fits a second, and a space.
    mutating func appendDelta(_ nanoseconds: UInt64) {
        var spaces = 0
        var bound: UInt64 = 10_000
        while bound <= 100_000_000 {
            if nanoseconds < bound { spaces += 1 }
            bound *= 10
        }
        append(0x2020_2020_2020_2020, size: spaces)
        append(UInt8(ascii: "+"))
        appendMicroseconds(nanoseconds)
        append(UInt8(ascii: " "))
    }
}
