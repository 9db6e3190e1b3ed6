import CNettraceBPF
import Events
import Rendering
import Text

/// A record as the kernel side writes it.
struct EventRecord {
    var timestamp: UInt64 = 463_697_331_957_123
    var skb: UInt64 = 0xffff_8881_8f02_f900
    var hook: UInt16 = 0
    var flags: UInt32 = 0
    var etherType: UInt16 = 0x0800
    var length: UInt32 = 84
    var location: UInt64 = 0
    var reason: UInt32 = 0
    var vlanTCI: UInt16 = 0
    /// Bytes from L3 on; nil: no packet section.
    var packet: [UInt8]?
    /// Namespace, ifindex, name.
    var device: (UInt32, UInt32, [UInt8])?
    /// pid and name.
    var task: (UInt32, [UInt8])?
    var meta: nt_meta?
    var caller: UInt64?
    var socket: nt_sock?
    var conntrack: nt_ct?
    var socketEvent: nt_sock_event?
    /// The value of the register, and the time when the function was entered.
    var functionReturn: (UInt64, UInt64)?
    var run: nt_run?
    var frame: nt_frame?
    /// The section, whose sizes follow from the bytes.
    var payload: (nt_payload, [UInt8])?

    var bytes: [UInt8] {
        var head = nt_event()
        head.ts = timestamp
        head.skb = skb
        head.hook = hook
        head.flags = UInt16(flags)
        head.len = length
        head.protocol = etherType
        head.location = location
        head.reason = reason
        head.cpu = 3
        head.vlan_proto = 0x8100
        head.vlan_tci = vlanTCI
        var sections: [UInt8] = []
        if let packet {
            head.sections |= UInt16(NT_SECTION_PACKET)
            let frame =
                flags & NT_EVENT_L2 != 0
                ? [2, 0, 0, 0, 0, 1, 2, 0, 0, 0, 0, 2, 8, 0] : [UInt8](repeating: 0, count: 14)
            sections += raw(UInt16(packet.count)) + field(frame + packet, 126)
        }
        if let device {
            head.sections |= UInt16(NT_SECTION_DEVICE)
            sections += raw(device.0) + raw(device.1) + field(device.2, 16)
        }
        if let task {
            head.sections |= UInt16(NT_SECTION_TASK)
            sections += raw(task.0) + raw(task.0) + field(task.1, 16)
        }
        if let meta {
            head.sections |= UInt16(NT_SECTION_META)
            sections += raw(meta)
        }
        if let caller {
            head.sections |= UInt16(NT_SECTION_CALLER)
            sections += raw(caller)
        }
        if let socket {
            head.sections |= UInt16(NT_SECTION_SOCK)
            sections += raw(socket)
        }
        if let conntrack {
            head.sections |= UInt16(NT_SECTION_CT)
            sections += raw(conntrack)
        }
        if let socketEvent {
            head.sections |= UInt16(NT_SECTION_SOCK_EVENT)
            sections += raw(socketEvent)
        }
        if let functionReturn {
            head.sections |= UInt16(NT_SECTION_RETURN)
            sections += raw(functionReturn.0) + raw(functionReturn.1)
        }
        if let run {
            head.sections |= UInt16(NT_SECTION_RUN)
            sections += raw(run)
        }
        if let frame {
            head.sections |= UInt16(NT_SECTION_FRAME)
            sections += raw(frame)
        }
        if let payload {
            head.sections |= UInt16(NT_SECTION_PAYLOAD)
            var section = payload.0
            section.captured = UInt32(payload.1.count)
            section.size = UInt32((payload.1.count + 7) & ~7)
            sections += raw(section) + field(payload.1, Int(section.size))
        }
        return raw(head) + sections
    }

    private func raw<Value: BitwiseCopyable>(_ value: Value) -> [UInt8] {
        withUnsafeBytes(of: value) { Array($0) }
    }

    private func field(_ bytes: [UInt8], _ size: Int) -> [UInt8] {
        Array((bytes + [UInt8](repeating: 0, count: size)).prefix(size))
    }
}

/// 10.0.0.1 -> 10.0.0.2 with a header of 20 bytes.
func ipv4(_ proto: UInt8, _ payload: [UInt8], fragment: UInt16 = 0) -> [UInt8] {
    let length = UInt16(20 + payload.count)
    return [0x45, 0, UInt8(length >> 8), UInt8(length & 0xff), 0x12, 0x34, UInt8(fragment >> 8)]
        + [UInt8(fragment & 0xff), 64, proto, 0, 0, 10, 0, 0, 1, 10, 0, 0, 2] + payload
}

/// fe80::1 -> fe80::2.
func ipv6(_ next: UInt8, _ payload: [UInt8]) -> [UInt8] {
    [0x60, 0, 0, 0, 0, UInt8(payload.count), next, 64]
        + [0xfe, 0x80, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 1]
        + [0xfe, 0x80, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 2] + payload
}

/// 443 -> 51234.
func tcp(_ flags: UInt8) -> [UInt8] {
    [0x01, 0xbb, 0xc8, 0x22, 0, 0, 0, 1, 0, 0, 0, 2, 0x50, flags, 2, 0, 0, 0, 0, 0]
}

/// 5000 -> `port`.
func udp(_ port: UInt16, _ payload: [UInt8]) -> [UInt8] {
    [0x13, 0x88, UInt8(port >> 8), UInt8(port & 0xff), 0, UInt8(8 + payload.count), 0, 0] + payload
}

let echoRequest: [UInt8] = [8, 0, 0, 0, 0x12, 0x34, 0, 7]

func makeNames(_ sockets: SocketNames = SocketNames()) -> NameTable {
    NameTable(
        hooks: [
            NameTable.Hook(tracer: "ip_rcv", module: "ip-in"),
            NameTable.Hook(tracer: "__netif_receive_skb_core", module: "link-in"),
            NameTable.Hook(tracer: "evil\u{1b}[31m\"", module: "odd"),
        ],
        dropReasons: [0x3: "SKB_DROP_REASON_NO_SOCKET", 0x10001: "RX_DROP_U_REPLAY", 1: "SKB_CONSUMED"],
        clockOffset: 1_795_230_765_123_456_789 - 463_697_331_957_123,
        symbolize: { $0 == 0xffff_ffff_8100_01a3 ? "tcp_v4_rcv+0x1a3" : nil }, sockets: sockets)
}

/// The text of one event, without the newline.
func line(
    _ record: EventRecord, columns: OutputColumns = [], width: Int? = 0, time: TimeStyle = .monotonic,
    coloured: Bool = false, sockets: SocketNames = SocketNames()
) -> String {
    var renderer = LineRenderer(
        names: makeNames(sockets), columns: columns, tracerWidth: width, time: time, coloured: coloured)
    return rendered(record) { renderer.render($0, into: &$1) }
}

/// The packet part of the line.
func packetText(_ record: EventRecord) -> String {
    String(line(record).dropFirst("463697.331957: [ip_rcv]: ".count))
}

/// The JSON of one event, without the newline.
func json(_ record: EventRecord, sockets: SocketNames = SocketNames()) -> String {
    var renderer = JSONRenderer(names: makeNames(sockets))
    return rendered(record) { renderer.render($0, into: &$1) }
}

func rendered(_ record: EventRecord, _ body: (EventView, inout ByteBuffer) -> Void) -> String {
    var buffer = ByteBuffer()
    let bytes = record.bytes
    guard let event = EventView(bytes.span.bytes) else { return "unreadable record" }
    body(event, &buffer)
    let text = text(buffer)
    return text.hasSuffix("\n") ? String(text.dropLast()) : "no newline: " + text
}

func text(_ buffer: borrowing ByteBuffer) -> String {
    buffer.withUnsafeBytes { String(decoding: $0, as: UTF8.self) }
}
