public import Analysis
public import Events
import Protocols
public import Pipeline
public import Text

/// One block per packet, in it one tree per thread of execution: which function called which, what it returned and how
/// long it took.
///
///     <------------------- skb: ffff88818f02f900 ---------------------->
///     463697.331957 cpu 1, interrupt
///                             # ICMP: 10.0.0.1 -> 10.0.0.2, ping request , seq: 0
///          +0.000  12.345 µs  ip_rcv = 0 (NET_RX_SUCCESS)
///          +1.204   0.310 µs  ├ ip_rcv_core = 0xffff88818f02f900
///          +1.700   9.100 µs  └ nf_hook_slow = 1 (go on)
///          +2.100   8.000 µs    └ nft_do_chain = 1 (NF_ACCEPT)
///     = consumed after icmp_rcv, 152.310 µs
public struct GraphRenderer: ContextRenderer {
    private let names: NameTable
    private let columns: OutputColumns
    private let style: Style
    private var tree = CallTree()
    private var stacks: StackText
    private var modules = FixedTexts()
    /// Bytes before the tree: when it began, how long it took, and two blanks.
    private static let margin = 27
    /// For events that belong to no packet.
    private var lines: LineRenderer
    private var clock: ClockText
    /// Of the event at hand, innermost first.
    private var ancestors: [Int] = []
    /// The text of the packet as it was shown last.
    private var packet: [UInt8] = []

    /// Parameters as for `TimelineRenderer`.
    public init(
        names: NameTable, columns: OutputColumns = [], time: TimeStyle = .monotonic,
        coloured: Bool = false
    ) {
        self.names = names
        self.columns = columns
        style = Style(isColoured: coloured)
        stacks = StackText(repeats: columns.contains(.fullStacks))
        lines = LineRenderer(names: names, columns: columns, time: time, coloured: coloured)
        clock = ClockText(time, names)
        for hook in names.hooks { modules.add { $0.appendEscaped(hook.module.utf8.span.bytes) } }
    }

    /// Appends the block.
    public mutating func render(_ context: FinishedContext, _ ending: ContextEnding, into buffer: inout ByteBuffer) {
        buffer.appendHeader(of: context, style)
        tree.build(of: context)
        packet.removeAll(keepingCapacity: true)
        let digits = SkbSuffix.digits(for: context)
        var place: ExecutionPlace?
        for index in tree.order {
            guard let event = context.event(at: index) else { continue }
            if tree.depth(of: index) == 0, place != ExecutionPlace(event) {
                place = ExecutionPlace(event)
                appendPlace(event, &buffer)
            }
            appendPacketIfNew(event, index, digits, &buffer)
            appendNode(event, context, index, digits, &buffer)
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

    /// `463697.331957 cpu 1, curl (pid 1234)`: above each tree that begins elsewhere than the one before.
    private mutating func appendPlace(_ event: EventView, _ buffer: inout ByteBuffer) {
        buffer.appendStyle(style.faint)
        clock.append(event.timestamp, to: &buffer)
        buffer.append(" cpu ")
        buffer.appendDecimal(event.cpu)
        if event.flags.contains(.interrupt) {
            buffer.append(", interrupt")
        } else if let task = event.task {
            buffer.append(", ")
            buffer.appendEscaped(task.command)
            buffer.append(" (pid ")
            buffer.appendDecimal(task.pid)
            buffer.append(")")
        }
        buffer.appendStyle(style.end)
        buffer.append("\n")
    }

    /// The packet, where it looks otherwise than at the last event that was shown: above the event, at its depth.
    private mutating func appendPacketIfNew(
        _ event: EventView, _ index: Int, _ digits: Int, _ buffer: inout ByteBuffer
    ) {
        let start = buffer.count
        for _ in 0..<Self.margin + digits { buffer.append(UInt8(ascii: " ")) }
        appendBranches(above: index, &buffer)
        buffer.appendStyle(style.faint)
        buffer.append("# ")
        buffer.appendStyle(style.end)
        let text = buffer.count
        var headers = Packet()
        let isDecoded = headers.decode(event)
        buffer.append(&headers, isDecoded: isDecoded, of: event)
        if buffer.ends(with: packet, from: text) {
            buffer.truncate(to: start)
        } else {
            packet.removeAll(keepingCapacity: true)
            buffer.copy(from: text, to: &packet)
            buffer.append("\n")
        }
    }

    private mutating func appendNode(
        _ event: EventView, _ context: FinishedContext, _ index: Int, _ digits: Int, _ buffer: inout ByteBuffer
    ) {
        let end = context.end(of: event, at: index)
        buffer.appendStyle(style.faint)
        buffer.appendDelta(event.timestamp - context.timestamp(at: 0))
        switch end {
        case .returned(_, let duration): buffer.appendDurationColumn(duration)
        case .unseen: buffer.append("         ? µs")
        case .untold: buffer.appendDurationColumn(event.functionReturn == nil ? nil : event.callDuration)
        }
        buffer.append(UInt8(ascii: " "))
        if digits > 0 {
            SkbSuffix.append(event.skb, digits: digits, to: &buffer)
        } else {
            buffer.append(UInt8(ascii: " "))
        }
        appendBranches(above: index, &buffer)
        if tree.parent(of: index) != nil { buffer.append(tree.hasSuccessor(index) ? "├ " : "└ ") }
        buffer.appendStyle(style.end)
        appendName(event, end, &buffer)
        if let run = event.run {
            buffer.append(", ")
            buffer.appendVerdict(of: run, event, names, style)
        }
        if let frame = event.frame {
            buffer.append(", ")
            buffer.appendFrame(frame, of: event, names, style)
        }
        if names.isDrop(event) { buffer.appendDropMark(event, names, style) }
        appendColumns(event, &buffer)
        buffer.append("\n")
        if let stack = event.stack, !columns.contains(.hiddenStacks) {
            stacks.append(stack, names.symbols, to: &buffer)
        }
    }

    /// `ip_rcv = 0 (NET_RX_SUCCESS)`
    private func appendName(_ event: EventView, _ end: CallEnd, _ buffer: inout ByteBuffer) {
        buffer.appendStyle(style.tracer)
        buffer.appendTracerName(event.hook, names)
        buffer.appendStyle(style.end)
        var section = event.functionReturn
        if case .returned(let returned, _) = end { section = returned }
        guard let section else { return }
        let function = names.returns(of: event.hook)
        let value = ReturnValue(section.value, of: function)
        guard value != .none else { return }
        buffer.append(" = ")
        buffer.appendStyle(style.returned)
        buffer.appendReturnValue(value, of: function, names)
        buffer.appendStyle(style.end)
    }

    /// The columns of `-o`, after the name, where they do not tear the tree apart.
    private func appendColumns(_ event: EventView, _ buffer: inout ByteBuffer) {
        let start = buffer.count
        buffer.append(UInt8(ascii: " "))
        buffer.appendColumns(columns, event, nil, modules)
        buffer.appendOwnerColumns(columns, event, names.sockets)
        // Each is followed by a blank.
        buffer.truncate(to: max(start, buffer.count - 1))
        if columns.contains(.caller), let caller = names.caller(of: event) {
            buffer.append(" <- ")
            buffer.appendEscaped(caller.span.bytes)
        }
    }

    /// The lines down from the calls that the event is in.
    private mutating func appendBranches(above index: Int, _ buffer: inout ByteBuffer) {
        ancestors.removeAll(keepingCapacity: true)
        var ancestor = tree.parent(of: index)
        while let outer = ancestor, tree.parent(of: outer) != nil {
            ancestors.append(outer)
            ancestor = tree.parent(of: outer)
        }
        for ancestor in ancestors.reversed() { buffer.append(tree.hasSuccessor(ancestor) ? "│ " : "  ") }
    }
}

/// CPU and thread of a tree; consecutive trees of the same CPU and thread get no heading.
private struct ExecutionPlace: Equatable {
    private let cpu: UInt16
    /// nil: an interrupt, or not known.
    private let thread: UInt32?

    init(_ event: EventView) {
        cpu = event.cpu
        thread = event.flags.contains(.interrupt) ? nil : event.task?.tid
    }
}

extension ByteBuffer {
    /// Right-aligned in 13 columns, blank where there is no duration.
    fileprivate mutating func appendDurationColumn(_ nanoseconds: UInt64?) {
        guard let nanoseconds else { return append("             ") }
        var bound: UInt64 = 10_000
        while bound <= 100_000_000 {
            if nanoseconds < bound { append(UInt8(ascii: " ")) }
            bound *= 10
        }
        appendMicroseconds(nanoseconds)
        append(" µs")
    }
}
