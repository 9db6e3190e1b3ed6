import Events
import Protocols
import Text

extension ByteBuffer {
    /// The columns asked for, each in brackets and followed by a space. A column without a value is `[-]`, so that
    /// every line has the same number of columns.
    mutating func appendColumns(
        _ columns: OutputColumns, _ event: EventView, _ ethernet: EthernetHeader?, _ modules: FixedTexts
    ) {
        if columns.contains(.id) {
            appendColumn(event.skb == 0 || event.isOfFrames ? nil : event.skb) { $0.appendHex($1) }
        }
        if columns.contains(.cpu) {
            appendColumn(event.cpu, "cpu:") { $0.appendDecimal($1) }
        }
        if columns.contains(.pid) {
            appendTask(event)
        }
        appendDevice(columns, event)
        if columns.contains(.module) {
            append(UInt8(ascii: "["))
            if !modules.append(event.hook, to: &self) {
                append(UInt8(ascii: "-"))
            }
            append("] ")
        }
        if columns.contains(.length) {
            appendColumn(event.length, "len:") { $0.appendDecimal($1) }
        }
        if columns.needsMeta {
            appendMeta(columns, event.meta)
        }
        if columns.contains(.mac) {
            appendColumn(ethernet) {
                $0.append($1.source)
                $0.append(UInt8(ascii: ">"))
                $0.append($1.destination)
            }
        }
    }

    /// The columns on what the packet belongs to: container, socket, connection.
    mutating func appendOwnerColumns(_ columns: OutputColumns, _ event: EventView, _ sockets: SocketNames) {
        if columns.contains(.container) {
            append(UInt8(ascii: "["))
            appendEscaped((sockets.container(of: event) ?? "-").utf8.span.bytes)
            append("] ")
        }
        if columns.contains(.socket) { appendSocketColumn(event.socket, sockets) }
        if columns.contains(.conntrack) { appendConntrackColumn(event.conntrack) }
    }

    /// In an interrupt the running task has nothing to do with the packet: it is not named.
    private mutating func appendTask(_ event: EventView) {
        if event.flags.contains(.interrupt) {
            append("[irq] ")
        } else if let task = event.task {
            append(UInt8(ascii: "["))
            appendEscaped(task.command)
            append(UInt8(ascii: ":"))
            appendDecimal(task.pid)
            append("] ")
        } else {
            append("[-] ")
        }
    }

    private mutating func appendDevice(_ columns: OutputColumns, _ event: EventView) {
        guard columns.needsDevice else { return }
        let device = event.device
        if columns.contains(.interface) {
            if let device, device.ifindex != 0 {
                append(UInt8(ascii: "["))
                appendDecimal(device.ifindex)
                append(UInt8(ascii: ":"))
                appendEscaped(device.name)
                append("] ")
            } else {
                append("[-] ")
            }
        }
        if columns.contains(.netns) {
            appendColumn(device?.netns, "netns:") { $0.appendDecimal($1) }
        }
    }

    private mutating func appendMeta(_ columns: OutputColumns, _ meta: MetaSection?) {
        if columns.contains(.mark) {
            appendColumn(meta?.mark, "mark:0x") { $0.appendHex(UInt64($1)) }
        }
        if columns.contains(.hash) {
            appendColumn(meta?.hash, "hash:0x") { $0.appendHex(UInt64($1)) }
        }
        if columns.contains(.queue) {
            appendColumn(meta?.queue, "queue:") { $0.appendDecimal($1) }
        }
        if columns.contains(.priority) {
            appendColumn(meta?.priority, "prio:0x") { $0.appendHex(UInt64($1)) }
        }
        if columns.contains(.receivingInterface) {
            appendColumn(meta?.receivingIfindex, "iif:") { $0.appendDecimal($1) }
        }
        if columns.contains(.gso) {
            appendColumn(meta?.gsoSize, "gso:") { $0.appendDecimal($1) }
        }
    }

    private mutating func appendColumn<Value>(
        _ value: Value?, _ label: StaticString = "", _ body: (inout ByteBuffer, Value) -> Void
    ) {
        append(UInt8(ascii: "["))
        if let value {
            append(label)
            body(&self, value)
        } else {
            append(UInt8(ascii: "-"))
        }
        append("] ")
    }
}
