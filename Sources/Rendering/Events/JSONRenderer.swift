import Analysis
public import Events
import Protocols
public import Text

/// One JSON object per line and event; docs/OUTPUT.md and docs/event.schema.json name every key.
///
/// Every value of the record is shown, zeros included; a key is absent where the record has no value for it.
public struct JSONRenderer: EventRenderer {
    private let names: NameTable
    private let payload: PayloadForm?
    private var date = DateText(separator: UInt8(ascii: "T"), isLocal: false)
    /// `"name"` per hook.
    private var tracers = FixedTexts()
    private var modules = FixedTexts()

    /// - Parameter payload: with the bytes of packets; nil: without.
    public init(names: NameTable, payload: PayloadForm? = nil) {
        self.names = names
        self.payload = payload
        for hook in names.hooks {
            tracers.add { $0.appendJSONString(hook.tracer.utf8.span.bytes) }
            modules.add { $0.appendJSONString(hook.module.utf8.span.bytes) }
        }
    }

    /// Appends the event's object and a newline.
    public mutating func render(_ event: EventView, into buffer: inout ByteBuffer) {
        if let section = event.socketEvent {
            appendObject(event, section, &buffer)
        } else {
            appendObject(event, .untold, &buffer)
        }
        buffer.append(UInt8(ascii: "\n"))
    }

    /// - Parameters:
    ///   - end: the end of the call that the event reports.
    ///   - place: in the call tree of its packet.
    ///   - showsPayload: whether the bytes of the packet are shown, if they are wanted.
    mutating func appendObject(
        _ event: EventView, _ end: CallEnd, at place: CallTree.Place? = nil, showsPayload: Bool = true,
        _ buffer: inout ByteBuffer
    ) {
        var object = JSONObject()
        object.word("type", "event", &buffer)
        object.number("ts", event.timestamp, &buffer)
        appendTime(event.timestamp, &object, &buffer)
        appendHook(event, &object, &buffer)
        if event.skb != 0, !event.isOfFrames {
            object.hex("skb", event.skb, width: 16, &buffer)
        }
        if let context = event.context {
            object.hex("ctx", context, width: 16, &buffer)
        }
        object.number("cpu", event.cpu, &buffer)
        appendTask(event, &object, &buffer)
        appendDevice(event, &object, &buffer)
        if !event.isOfFrames { object.number("len", event.length, &buffer) }
        var packet = Packet()
        if packet.decode(event) {
            object.append(&packet, isSocketTuple: event.flags.contains(.socketTuple), &buffer)
        } else if event.etherType != 0 {
            object.appendNetworkName(event.etherType, &buffer)
        }
        if let run = event.run { object.appendRun(run, of: event, packet, names, &buffer) }
        if let frame = event.frame { object.appendFrame(frame, names, &buffer) }
        if let meta = event.meta {
            object.append(meta, &buffer)
        }
        if let socket = event.socket {
            object.object("sock", &buffer) { $0.append(socket, names.sockets, &$1) }
        }
        if let conntrack = event.conntrack {
            object.object("ct", &buffer) { $0.append(conntrack, &$1) }
        }
        object.flag("free", event.flags.contains(.free), &buffer)
        if names.isDrop(event) {
            appendDrop(event, &object, &buffer)
        }
        if let section = event.functionReturn {
            object.appendReturn(section, duration: event.callDuration, hook: event.hook, names, &buffer)
            object.number("entered", section.entered, &buffer)
        } else if case .returned(let section, let duration) = end {
            object.appendReturn(section, duration: duration, hook: event.hook, names, &buffer)
        }
        if let place {
            object.number("depth", place.depth, &buffer)
            object.number("parent", place.parent, &buffer)
        }
        if let caller = names.caller(of: event) {
            object.text("caller", caller.span.bytes, &buffer)
        }
        if let stack = event.stack {
            appendStack(stack, &object, &buffer)
        }
        if showsPayload, let payload, let bytes = event.payload {
            object.object("payload", &buffer) { $0.append(bytes, limit: payload.limit, &$1) }
        }
        object.end(&buffer)
    }

    /// The event of a socket.
    private mutating func appendObject(
        _ event: EventView, _ section: SocketEventSection, _ buffer: inout ByteBuffer
    ) {
        var object = JSONObject()
        object.word("type", "sock", &buffer)
        object.number("ts", event.timestamp, &buffer)
        appendTime(event.timestamp, &object, &buffer)
        object.appendSocketEventName(section, &buffer)
        appendHook(event, &object, &buffer)
        object.number("cpu", event.cpu, &buffer)
        appendTask(event, &object, &buffer)
        object.number("netns", event.device?.netns, &buffer)
        var packet = Packet()
        if packet.decode(event) {
            object.append(&packet.headers, addressesOnly: true, &buffer)
        }
        object.appendSocketEvent(section, names, &buffer)
        if let socket = event.socket {
            object.object("sock", &buffer) { $0.append(socket, names.sockets, &$1) }
        }
        if let stack = event.stack {
            appendStack(stack, &object, &buffer)
        }
        object.end(&buffer)
    }

    private mutating func appendTime(_ timestamp: UInt64, _ object: inout JSONObject, _ buffer: inout ByteBuffer) {
        object.key("time", &buffer)
        buffer.append(UInt8(ascii: "\""))
        let nanoseconds = date.append(
            Int64(truncatingIfNeeded: timestamp) &+ names.wallClock.offset(at: timestamp), to: &buffer)
        buffer.append(UInt8(ascii: "."))
        buffer.appendDecimal(nanoseconds, width: 9)
        buffer.append("Z\"")
    }

    // Inlined, since functions that do not change the renderer would be handed a copy of it.

    @inline(__always)
    private func appendHook(_ event: EventView, _ object: inout JSONObject, _ buffer: inout ByteBuffer) {
        // A damaged recording may name a hook that is not in the plan.
        guard event.hook < names.hooks.count else {
            object.quoted("tracer", &buffer) {
                $0.append("hook ")
                $0.appendDecimal(event.hook)
            }
            return
        }
        object.key("tracer", &buffer)
        _ = tracers.append(event.hook, to: &buffer)
        object.key("module", &buffer)
        _ = modules.append(event.hook, to: &buffer)
    }

    @inline(__always)
    private func appendTask(_ event: EventView, _ object: inout JSONObject, _ buffer: inout ByteBuffer) {
        // In an interrupt the running task has nothing to do with the packet: it is not named.
        if event.flags.contains(.interrupt) {
            object.flag("irq", true, &buffer)
        } else if let task = event.task {
            object.number("pid", task.pid, &buffer)
            object.number("tid", task.tid, &buffer)
            object.text("comm", task.command, &buffer)
        }
    }

    @inline(__always)
    private func appendDevice(_ event: EventView, _ object: inout JSONObject, _ buffer: inout ByteBuffer) {
        guard let device = event.device else { return }
        object.number("netns", device.netns, &buffer)
        object.number("ifindex", device.ifindex, &buffer)
        if device.ifindex != 0 {
            object.text("ifname", device.name, &buffer)
        }
    }

    /// Innermost first, as symbols.
    private func appendStack(_ stack: StackSection, _ object: inout JSONObject, _ buffer: inout ByteBuffer) {
        object.key("stack", &buffer)
        buffer.append(UInt8(ascii: "["))
        var isFirst = true
        for index in 0..<stack.count {
            let name = names.symbols.name(of: stack.frame(index))
            guard !StackText.isTracing(name, at: index) else { continue }
            if !isFirst { buffer.append(UInt8(ascii: ",")) }
            isFirst = false
            buffer.appendJSONString(name.span.bytes)
        }
        buffer.append(UInt8(ascii: "]"))
    }

    private func appendDrop(_ event: EventView, _ object: inout JSONObject, _ buffer: inout ByteBuffer) {
        object.object("drop", &buffer) { $0.appendDropMembers(event, names, &$1) }
    }
}

extension JSONObject {
    /// Why and where a packet was dropped.
    mutating func appendDropMembers(_ event: EventView, _ names: NameTable, _ buffer: inout ByteBuffer) {
        if let reason = event.dropReason {
            if let name = names.dropReasons[reason] {
                text("reason", name.span.bytes, &buffer)
            } else {
                quoted("reason", &buffer) { $0.appendDecimal(reason) }
            }
        }
        flag("normal", names.isNormalEnd(event), &buffer)
        if let location = event.dropLocation {
            appendLocation(location, names, &buffer)
        }
    }

    /// "location", and "group" where one is known.
    mutating func appendLocation(_ location: UInt64, _ names: NameTable, _ buffer: inout ByteBuffer) {
        let symbol = names.symbols.name(of: location)
        text("location", symbol.span.bytes, &buffer)
        if let group = names.dropNotes?.group(of: symbol, at: location) {
            text("group", group.span.bytes, &buffer)
        }
    }

    fileprivate mutating func append(_ meta: MetaSection, _ buffer: inout ByteBuffer) {
        number("mark", meta.mark, &buffer)
        number("hash", meta.hash, &buffer)
        number("queue", meta.queue, &buffer)
        number("priority", meta.priority, &buffer)
        number("iif", meta.receivingIfindex, &buffer)
        number("data_len", meta.pagedLength, &buffer)
        number("gso_size", meta.gsoSize, &buffer)
    }
}
