import AttachPlanning
import Events
import Tracers
import Text

/// The end of the call that an event reports.
enum CallEnd {
    /// The event is no call, or its end is shown elsewhere.
    case untold
    /// The function was not seen to return.
    case unseen
    case returned(ReturnSection, duration: UInt64)
}

extension ByteBuffer {
    /// `returned 0 (NET_RX_SUCCESS) after 12.345 µs`; for functions without a value, `returned after 12.345 µs`.
    mutating func appendReturn(
        _ section: ReturnSection, duration: UInt64, hook: Int, _ names: NameTable, _ style: Style
    ) {
        appendStyle(style.returned)
        append("returned")
        appendStyle(style.end)
        let function = names.returns(of: hook)
        let value = ReturnValue(section.value, of: function)
        if value != .none {
            append(" ")
            appendReturnValue(value, of: function, names)
        }
        append(" after ")
        appendMicroseconds(duration)
        append(" µs")
    }

    /// `0 (NET_RX_SUCCESS)`, `-12 (ENOMEM)`, `84 bytes`, `true`, `NULL`, `0xffff88818f02f900`.
    mutating func appendReturnValue(_ value: ReturnValue, of function: FunctionReturn, _ names: NameTable) {
        switch value {
        case .none: return
        case .boolean(let value): append(value ? "true" : "false")
        case .signed(let value): appendSigned(value)
        case .unsigned(let value): appendDecimal(value)
        case .null: append("NULL")
        case .address(let value), .register(let value):
            append("0x")
            appendHex(value)
        }
        let start = count
        append(" (")
        if appendReturnName(value, of: function, names) {
            append(")")
        } else {
            truncate(to: start)
            if function.meaning == .bytes, let number = value.number, number >= 0 { append(" bytes") }
        }
    }
}

extension JSONObject {
    /// `"ret":{"value":0,"name":"NET_RX_SUCCESS","ns":12345}`
    mutating func appendReturn(
        _ section: ReturnSection, duration: UInt64, hook: Int, _ names: NameTable, _ buffer: inout ByteBuffer
    ) {
        object("ret", &buffer) { object, buffer in
            let function = names.returns(of: hook)
            let value = ReturnValue(section.value, of: function)
            object.append(value, &buffer)
            object.nameIfAny("name", &buffer) { $0.appendReturnName(value, of: function, names) }
            object.number("ns", duration, &buffer)
        }
    }

    private mutating func append(_ value: ReturnValue, _ buffer: inout ByteBuffer) {
        switch value {
        case .none: break
        case .boolean(let value):
            key("value", &buffer)
            buffer.append(value ? "true" : "false")
        case .signed(let value):
            key("value", &buffer)
            buffer.appendSigned(value)
        case .unsigned(let value): number("value", value, &buffer)
        case .null: hex("value", 0, &buffer)
        case .address(let value), .register(let value): hex("value", value, &buffer)
        }
    }
}

extension NameTable {
    /// A function's return value, for the diagnosis: the number that its meaning gives the value, and a text.
    public func describeReturn(_ register: UInt64, of hook: Int) -> (number: Int64?, text: String) {
        let function = returns(of: hook)
        let value = ReturnValue(register, of: function)
        var number = value.number
        switch value {
        case .boolean(let isTrue): number = isTrue ? 1 : 0
        case .null: number = 0
        // include/uapi/linux/netfilter.h: above the verdict stand a queue's number or an error.
        case .signed(let verdict) where function.meaning == .verdict: number = verdict & 0xff
        case .unsigned(let verdict) where function.meaning == .verdict: number = Int64(verdict & 0xff)
        default: break
        }
        var text = ByteBuffer(capacity: 64)
        text.appendReturnValue(value, of: function, self)
        return (number, text.withUnsafeBytes { String(decoding: $0, as: UTF8.self) })
    }
}
