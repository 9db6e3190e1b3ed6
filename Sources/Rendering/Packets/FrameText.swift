import Events
import Text

extension ByteBuffer {
    /// `abort (id 94): XDP_ABORTED on r3`; `reroute (id 97): XDP_REDIRECT to map 12 key 3 failed: -EINVAL, on r4`;
    /// `XDP_REDIRECT failed: -ENETDOWN, on r2, 3 frames`.
    mutating func appendFrame(_ frame: FrameSection, of event: EventView, _ names: NameTable, _ style: Style) {
        if let id = frame.program {
            appendProgram(frame.name, id: id)
            append(": ")
        }
        appendStyle(style.drop)
        if !appendVerdict(of: frame, names) { appendDecimal(frame.verdict) }
        appendStyle(style.end)
        if let redirect = frame.redirect { append(redirect) }
        if let error = frame.error {
            append(" failed: ")
            append(error: error)
            append(",")
        }
        if let device = event.device, device.ifindex != 0 {
            append(" on ")
            appendEscaped(device.name)
        }
        guard frame.lost > 1 else { return }
        append(", ")
        appendDecimal(frame.lost)
        append(" frames")
    }

    /// `XDP_ABORTED`; false, and nothing appended, where the number is no action.
    mutating func appendVerdict(of frame: FrameSection, _ names: NameTable) -> Bool {
        appendReturnName(.signed(Int64(frame.verdict)), of: .programResult, names)
    }

    /// `-EINVAL`
    mutating func append(error: Int32) {
        guard error < 0, let name = ErrorNames.name(-Int64(error)) else { return appendSigned(Int64(error)) }
        append("-")
        append(name)
    }

    /// `deny_all (id 31)`
    mutating func appendProgram(_ name: RawSpan, id: UInt32) {
        if name.byteCount > 0 { appendEscaped(name) } else { append("program") }
        append(" (id ")
        appendDecimal(id)
        append(")")
    }
}
