import Analysis
import Events
import Text

/// A packet's path in few words, for lines that Wireshark shows whole: tracer by tracer, with the time since the first, and
/// device and process where they change.
///
///     path: +0.000 net:net_dev_queue left ping(812) → +2.125 net:net_dev_start_xmit → +4.700 net:netif_rx right
struct PathText {
    private let names: NameTable
    /// Wireshark cuts labels to 240 bytes (ITEM_LABEL_LENGTH).
    private static let lineLength = 220
    private static let lineLimit = 12

    private var device: (netns: UInt32, index: UInt32)?
    private var process: UInt32 = 0

    init(names: NameTable) { self.names = names }

    /// Appends the lines.
    mutating func append(_ context: FinishedContext, to buffer: inout ByteBuffer) {
        device = nil
        process = 0
        var line = buffer.count
        var lines = 1
        buffer.append("path: ")
        var first: UInt64?
        for index in 0..<context.count {
            guard context.isShown(at: index), !context.isReturn(at: index), let event = context.event(at: index) else {
                continue
            }
            if first != nil { buffer.append(" → ") }
            if buffer.count - line > Self.lineLength {
                guard lines < Self.lineLimit else {
                    buffer.append("…")
                    break
                }
                buffer.append("\npath: ")
                line = buffer.count
                lines += 1
            }
            append(event, since: first ?? event.timestamp, &buffer)
            first = first ?? event.timestamp
        }
        buffer.append("\n")
    }

    private mutating func append(_ event: EventView, since first: UInt64, _ buffer: inout ByteBuffer) {
        buffer.append("+")
        buffer.appendMicroseconds(event.timestamp - first)
        buffer.append(" ")
        if event.hook < names.hooks.count { buffer.append(names.hooks[event.hook].tracer.utf8.span.bytes) }
        if let now = event.device, now.ifindex != 0, device?.index != now.ifindex || device?.netns != now.netns {
            device = (now.netns, now.ifindex)
            buffer.append(" ")
            buffer.appendEscaped(now.name)
        }
        if !event.flags.contains(.interrupt), let task = event.task, task.pid != 0, task.pid != process {
            process = task.pid
            buffer.append(" ")
            buffer.appendEscaped(task.command)
            buffer.append("(")
            buffer.appendDecimal(task.pid)
            buffer.append(")")
        }
    }
}
