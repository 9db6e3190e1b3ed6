import Analysis
public import Events
import Protocols
public import Text

/// One line of text per event:
/// `463697.331957: [ip_rcv      ]: ICMP: 192.168.122.8 -> 10.123.119.98, ping request , seq: 0`.
public struct LineRenderer: EventRenderer {
    private let names: NameTable
    private let columns: OutputColumns
    private let style: Style
    private let payload: PayloadForm?
    private var clock: ClockText
    private var stacks: StackText
    /// `[tracer  ]: ` per hook, padded and coloured.
    private var tracers = FixedTexts()
    private var modules = FixedTexts()
    /// The same for events of sockets.
    private let socketEvents: SocketEventText

    /// - Parameters:
    ///   - columns: extra columns before the packet.
    ///   - tracerWidth: tracer names are padded to this many bytes; nil: the longest name of the table.
    ///   - coloured: use ANSI colours.
    ///   - payload: how to show the bytes of packets; nil: not at all.
    public init(
        names: NameTable, columns: OutputColumns = [], tracerWidth: Int? = nil, time: TimeStyle = .monotonic,
        coloured: Bool = false, payload: PayloadForm? = nil
    ) {
        self.names = names
        self.payload = payload
        self.columns = columns
        style = Style(isColoured: coloured)
        stacks = StackText(repeats: columns.contains(.fullStacks))
        clock = ClockText(time, names)
        let width = tracerWidth ?? names.longestTracerName
        socketEvents = SocketEventText(names, width: width, style)
        for hook in names.hooks {
            tracers.add { [style] in $0.appendTracer(hook.tracer, width: width, style) }
            modules.add { $0.appendEscaped(hook.module.utf8.span.bytes) }
        }
    }

    /// Appends the event's line, newline included. The line of a return begins with what was returned.
    public mutating func render(_ event: EventView, into buffer: inout ByteBuffer) {
        render(event, .untold, into: &buffer)
    }

    /// The same; `end` follows the packet.
    ///
    /// - Parameter showsPayload: whether the bytes of the packet are shown, if they are wanted.
    mutating func render(
        _ event: EventView, _ end: CallEnd, showsPayload: Bool = true, into buffer: inout ByteBuffer
    ) {
        clock.append(event.timestamp, to: &buffer)
        buffer.append(": ")
        if let section = event.socketEvent {
            socketEvents.append(section, of: event, to: &buffer)
        } else {
            append(event, end, to: &buffer)
        }
        buffer.append(UInt8(ascii: "\n"))
        if showsPayload, let payload, let bytes = event.payload { buffer.append(bytes, payload) }
        if let stack = event.stack, !columns.contains(.hiddenStacks) {
            stacks.append(stack, names.symbols, to: &buffer)
        }
    }

    /// Inlined, since a function that does not change the renderer would be handed a copy of it.
    @inline(__always)
    private func append(_ event: EventView, _ end: CallEnd, to buffer: inout ByteBuffer) {
        if !tracers.append(event.hook, to: &buffer) {
            buffer.append("[hook ")
            buffer.appendDecimal(event.hook)
            buffer.append("]: ")
        }
        if let section = event.functionReturn {
            buffer.appendReturn(section, duration: event.callDuration, hook: event.hook, names, style)
            buffer.append(", ")
        }
        var packet = Packet()
        let isDecoded = packet.decode(event)
        if !columns.isEmpty {
            buffer.appendColumns(columns, event, isDecoded ? packet.ethernet : nil, modules)
        }
        buffer.appendOwnerColumns(columns, event, names.sockets)
        if let frame = event.frame {
            buffer.appendFrame(frame, of: event, names, style)
        } else {
            buffer.append(&packet, isDecoded: isDecoded, of: event)
        }
        if let run = event.run { buffer.appendRun(run, of: event, packet, names, style) }
        if names.isDrop(event) {
            buffer.appendDropMark(event, names, style)
        }
        switch end {
        case .untold: break
        case .unseen: buffer.append(", no return seen")
        case .returned(let section, let duration):
            buffer.append(", ")
            buffer.appendReturn(section, duration: duration, hook: event.hook, names, style)
        }
        if columns.contains(.caller), let caller = names.caller(of: event) {
            buffer.append(" <- ")
            buffer.appendEscaped(caller.span.bytes)
        }
    }
}

extension ByteBuffer {
    mutating func appendTracer(_ name: String, width: Int, _ style: Style) {
        append(UInt8(ascii: "["))
        appendStyle(style.tracer)
        appendEscaped(name.utf8.span.bytes)
        appendStyle(style.end)
        for _ in 0..<max(0, width - name.utf8.count) {
            append(UInt8(ascii: " "))
        }
        append("]: ")
    }

    /// - Parameter isDecoded: the event has packet bytes.
    mutating func append(_ packet: inout Packet, isDecoded: Bool, of event: EventView) {
        if isDecoded {
            append(&packet, isSocketTuple: event.flags.contains(.socketTuple))
        } else {
            appendBareEvent(event)
        }
    }

    /// The facts of an skb whose headers were not read.
    private mutating func appendBareEvent(_ event: EventView) {
        guard event.skb != 0, !event.isOfFrames else {
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

    /// `*drop*`, or `*end*` where the kernel frees a packet like a drop and nothing is lost.
    mutating func appendDropMark(_ event: EventView, _ names: NameTable, _ style: Style) {
        let isNormal = names.isNormalEnd(event)
        append(UInt8(ascii: " "))
        appendStyle(isNormal ? style.faint : style.drop)
        append(isNormal ? "*end*" : "*drop*")
        appendStyle(style.end)
        if let reason = event.dropReason {
            append(" reason: ")
            if let name = names.dropReasons[reason] {
                appendEscaped(name.span.bytes)
            } else {
                appendDecimal(reason)
            }
        }
        if isNormal { append(" (normal)") }
        if let location = event.dropLocation {
            append(event.dropReason == nil ? " at " : ", at ")
            appendLocation(location, names)
        }
    }
}
