import Events
import Tracers
import Text

extension JSONObject {
    mutating func appendSocketEventName(_ section: SocketEventSection, _ buffer: inout ByteBuffer) {
        if let event = section.event {
            text("event", event.rawValue.utf8.span.bytes, &buffer)
        } else {
            quoted("event", &buffer) { $0.appendDecimal(section.kind) }
        }
    }

    /// The event's members; each key belongs to some kinds of it.
    mutating func appendSocketEvent(
        _ section: SocketEventSection, _ names: NameTable, _ buffer: inout ByteBuffer
    ) {
        if let states = section.states {
            state("old", states.old, &buffer)
            state("new", states.new, &buffer)
        }
        if let anomaly = section.anomaly { word("anomaly", anomaly.slug, &buffer) }
        switch section.event {
        case .retransmit, .timeout:
            number("timeouts", section.count, &buffer)
        case .zeroWindow:
            number("probes", section.count, &buffer)
        case .closeUnread:
            number("unread", section.count, &buffer)
        case .listenOverflow:
            word("queue", section.isOfSYNQueue ? "syn" : "accept", &buffer)
            number("waiting", section.count, &buffer)
            number("limit", section.limit, &buffer)
        case .bufferFull, .memory:
            number("memory", section.count, &buffer)
            number("limit", section.limit, &buffer)
        default: break
        }
        if let error = section.error {
            if let name = ErrorNames.name(Int64(error)) {
                word("error", name, &buffer)
            } else {
                quoted("error", &buffer) { $0.appendDecimal(error) }
            }
        }
        if let reason = section.resetReason {
            if let name = names.resetReasons[reason] {
                text("reason", name.span.bytes, &buffer)
            } else {
                quoted("reason", &buffer) { $0.appendDecimal(reason) }
            }
        }
    }

    private mutating func state(_ name: StaticString, _ state: UInt16, _ buffer: inout ByteBuffer) {
        if let word = SocketSection.stateWord(state) {
            self.word(name, word, &buffer)
        } else {
            quoted(name, &buffer) { $0.appendDecimal(state) }
        }
    }
}
