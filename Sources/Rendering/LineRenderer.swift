import Analysis
public import Events
import PacketDecoding

/// One line of text per event:
/// `463697.331957: [ip_rcv      ]: ICMP: 192.168.122.8 -> 10.123.119.98, ping request , seq: 0`.
public struct LineRenderer: EventRenderer {
    private let names: NameTable
    private let columns: OutputColumns
    private let style: Style
    private let isMonotonic: Bool
    private var date: DateText
    private var stacks: StackText
    /// `[tracer  ]: ` per hook, padded and coloured.
    private var tracers = FixedTexts()
    private var modules = FixedTexts()

    /// - Parameters:
    ///   - columns: extra columns before the packet.
    ///   - tracerWidth: tracer names are padded to this many bytes; nil: the longest name of the table.
    ///   - coloured: use ANSI colours.
    public init(
        names: NameTable, columns: OutputColumns = [], tracerWidth: Int? = nil, time: TimeStyle = .monotonic,
        coloured: Bool = false
    ) {
        self.names = names
        self.columns = columns
        style = Style(isColoured: coloured)
        isMonotonic = time == .monotonic
        stacks = StackText(repeats: columns.contains(.fullStacks))
        date = DateText(separator: UInt8(ascii: " "), isLocal: time == .localDate)
        let width = tracerWidth ?? names.longestTracerName
        for hook in names.hooks {
            tracers.add { [style] in $0.appendTracer(hook.tracer, width: width, style) }
            modules.add { $0.appendEscaped(hook.module.utf8.span.bytes) }
        }
    }

    /// Appends the event's line, newline included.
    public mutating func render(_ event: EventView, into buffer: inout ByteBuffer) {
        appendTime(event.timestamp, &buffer)
        if !tracers.append(event.hook, to: &buffer) {
            buffer.append("[hook ")
            buffer.appendDecimal(event.hook)
            buffer.append("]: ")
        }
        let packet = Packet(event)
        if !columns.isEmpty {
            buffer.appendColumns(columns, event, packet, modules)
        }
        if columns.contains(.socket) {
            buffer.appendSocketColumn(event.socket, names.sockets)
        }
        if let packet {
            buffer.append(packet, isSocketTuple: event.flags.contains(.socketTuple))
        } else {
            buffer.appendBareEvent(event)
        }
        if names.isDrop(event) {
            buffer.appendDrop(event, names, style)
        }
        if columns.contains(.caller), let caller = event.caller {
            buffer.append(" <- ")
            buffer.appendEscaped(names.symbols.name(of: caller).span.bytes)
        }
        buffer.append(UInt8(ascii: "\n"))
        if let stack = event.stack {
            stacks.append(stack, names.symbols, to: &buffer)
        }
    }

    private mutating func appendTime(_ timestamp: UInt64, _ buffer: inout ByteBuffer) {
        let nanoseconds: UInt64
        if isMonotonic {
            let (seconds, rest) = timestamp.quotientAndRemainder(dividingBy: 1_000_000_000)
            buffer.appendDecimal(seconds)
            nanoseconds = rest
        } else {
            nanoseconds = date.append(Int64(truncatingIfNeeded: timestamp) &+ names.clockOffset, to: &buffer)
        }
        buffer.append(UInt8(ascii: "."))
        buffer.appendDecimal(nanoseconds / 1000, width: 6)
        buffer.append(": ")
    }
}

extension ByteBuffer {
    fileprivate mutating func appendTracer(_ name: String, width: Int, _ style: Style) {
        append(UInt8(ascii: "["))
        append(style.tracer)
        appendEscaped(name.utf8.span.bytes)
        append(style.end)
        for _ in 0..<max(0, width - name.utf8.count) {
            append(UInt8(ascii: " "))
        }
        append("]: ")
    }

    /// What is known of an skb whose headers were not read.
    fileprivate mutating func appendBareEvent(_ event: EventView) {
        guard event.skb != 0 else {
            append("no packet")
            return
        }
        append("skb: ")
        appendHex(event.skb)
        if let protocolName = EtherType.name(event.etherType) {
            append(", ")
            append(protocolName)
        }
        append(", len: ")
        appendDecimal(event.length)
    }

    fileprivate mutating func appendDrop(_ event: EventView, _ names: NameTable, _ style: Style) {
        append(UInt8(ascii: " "))
        append(style.drop)
        append("*drop*")
        append(style.end)
        if let reason = event.dropReason {
            append(" reason: ")
            if let name = names.dropReasons[reason] {
                appendEscaped(name.span.bytes)
            } else {
                appendDecimal(reason)
            }
        }
        if let location = event.dropLocation {
            append(event.dropReason == nil ? " at " : ", at ")
            appendEscaped(names.symbols.name(of: location).span.bytes)
        }
    }
}
