import Analysis
import Events
import Protocols
import Tracers
import Text

/// The event of a socket, as the rest of a line after its time:
/// `[state            ]: TCP: 10.0.0.1:40000 -> 10.0.0.8:443, SYN_SENT -> CLOSE (connect failed), error: ECONNREFUSED, curl:812`.
/// The left address is the local one, whichever way a packet went.
struct SocketEventText {
    private let names: NameTable
    private let width: Int
    private let style: Style

    init(_ names: NameTable, width: Int, _ style: Style) {
        self.names = names
        self.width = width
        self.style = style
    }

    func append(_ section: SocketEventSection, of event: EventView, to buffer: inout ByteBuffer) {
        buffer.appendTracer(section.event?.rawValue ?? "kind \(section.kind)", width: width, style)
        var packet = Packet()
        if packet.decode(event) { buffer.appendTuple(of: &packet) }
        appendState(section, event.socket, to: &buffer)
        appendDetail(section, to: &buffer)
        if let error = section.error {
            buffer.append(", error: ")
            if let name = ErrorNames.name(Int64(error)) { buffer.append(name) } else { buffer.appendDecimal(error) }
        }
        if let reason = section.resetReason {
            buffer.append(", reason: ")
            if let name = names.resetReasons[reason] {
                buffer.appendEscaped(name.span.bytes)
            } else {
                buffer.appendDecimal(reason)
            }
        }
        appendProcess(event, to: &buffer)
        if let netns = event.device?.netns {
            buffer.append(", netns: ")
            buffer.appendDecimal(netns)
        }
        if let cookie = event.socket?.cookie {
            buffer.append(", cookie: 0x")
            buffer.appendHex(cookie)
        }
    }

    private func appendState(
        _ section: SocketEventSection, _ socket: SocketSection?, to buffer: inout ByteBuffer
    ) {
        guard let socket else {
            buffer.append(", no socket")
            return
        }
        buffer.append(", ")
        guard let states = section.states else {
            appendState(socket.stateWord, socket.state, to: &buffer)
            return
        }
        appendState(SocketSection.stateWord(states.old), states.old, to: &buffer)
        buffer.append(" -> ")
        appendState(SocketSection.stateWord(states.new), states.new, to: &buffer)
        if let anomaly = section.anomaly {
            buffer.append(" (")
            buffer.appendStyle(style.drop)
            buffer.append(anomaly.words)
            buffer.appendStyle(style.end)
            buffer.append(")")
        }
    }

    private func appendState(_ word: StaticString?, _ number: UInt16, to buffer: inout ByteBuffer) {
        if let word { buffer.append(word) } else { buffer.appendDecimal(number) }
    }

    private func appendDetail(_ section: SocketEventSection, to buffer: inout ByteBuffer) {
        switch section.event {
        case .retransmit, .timeout:
            if section.count > 0 { appendNumber(", timeouts: ", section.count, to: &buffer) }
        case .zeroWindow:
            appendNumber(", probes: ", section.count, to: &buffer)
        case .closeUnread:
            appendNumber(", unread bytes: ", section.count, to: &buffer)
        case .listenOverflow:
            appendNumber(section.isOfSYNQueue ? ", SYN queue: " : ", accept queue: ", section.count, to: &buffer)
            appendNumber(" of ", section.limit, to: &buffer)
        case .bufferFull, .memory:
            appendNumber(", memory: ", section.count, to: &buffer)
            appendNumber(" of ", section.limit, to: &buffer)
        default: break
        }
    }

    private func appendNumber(_ label: StaticString, _ number: UInt32, to buffer: inout ByteBuffer) {
        buffer.append(label)
        buffer.appendDecimal(number)
    }

    /// The owner of the socket; if no process holds it (yet, or any more), the process that works on it.
    private func appendProcess(_ event: EventView, to buffer: inout ByteBuffer) {
        if let owner = event.socket.flatMap(names.sockets.owner) {
            buffer.append(", ")
            buffer.appendEscaped(owner.command.utf8.span.bytes)
            appendNumber(":", owner.pid, to: &buffer)
        } else if !event.flags.contains(.interrupt), let task = event.task {
            buffer.append(", ")
            buffer.appendEscaped(task.command)
            appendNumber(":", task.pid, to: &buffer)
        }
    }
}
