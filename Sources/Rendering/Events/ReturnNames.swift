import AttachPlanning
import Tracers
import Text

extension ByteBuffer {
    /// Appends what a return value is called: an enumerator, an error, a verdict. False, and nothing appended, where it
    /// has no name.
    mutating func appendReturnName(_ value: ReturnValue, of function: FunctionReturn, _ names: NameTable) -> Bool {
        guard let number = value.number else { return false }
        if case .enumeration(let type) = function.type, appendEnumerator(number, of: type, names) { return true }
        switch function.type {
        case .pointer: return appendError(number)
        case .integer, .enumeration, .unknown: break
        case .void, .boolean: return false
        }
        guard let meaning = function.meaning else {
            // Narrow types and unsigned ones hold no errors.
            guard case .integer(32..., isSigned: true) = function.type else { return false }
            return appendError(number)
        }
        return append(number, meaning)
    }

    private mutating func appendEnumerator(_ number: Int64, of type: Enumeration, _ names: NameTable) -> Bool {
        // Subsystems have reasons of their own, which the enum does not list.
        if type.name == "skb_drop_reason", let name = names.dropReasons[UInt32(truncatingIfNeeded: number)] {
            appendEscaped(name.span.bytes)
            return true
        }
        let bits = UInt64(min(max(type.bits, 1), 64))
        guard let name = type.names[UInt64(bitPattern: number) & (.max >> (64 - bits))] else { return false }
        appendEscaped(name.utf8.span.bytes)
        return true
    }

    private mutating func append(_ number: Int64, _ meaning: ReturnMeaning) -> Bool {
        switch meaning {
        case .errno, .bytes: appendError(number)
        case .boolean: append(number == 0 ? "no" : "yes", or: number)
        case .verdict: appendVerdict(Int64(Int32(truncatingIfNeeded: number)))
        case .target: appendTarget(Int64(Int32(truncatingIfNeeded: number)))
        case .hook: append(number == 0 ? "taken" : number == 1 ? "go on" : nil, or: number)
        case .receive: append(number == 0 ? "NET_RX_SUCCESS" : number == 1 ? "NET_RX_DROP" : nil, or: number)
        case .transmit: append(Self.transmission(number), or: number)
        case .enqueue: appendEnqueuing(number)
        case .action: appendAction(Int64(Int32(truncatingIfNeeded: number)))
        case .program: append(Self.programResult(number), or: 0)
        case .nextProtocol: appendProtocol(number.magnitude)
        case .encapsulation: number > 0 ? append("not taken", or: 0) : appendProtocol(number.magnitude)
        case .number: false
        }
    }

    /// A name, or else that of a negative error number.
    private mutating func append(_ name: StaticString?, or number: Int64) -> Bool {
        guard let name else { return appendError(number) }
        append(name)
        return true
    }

    /// `ENOMEM` for -12.
    private mutating func appendError(_ number: Int64) -> Bool {
        guard number < 0, number >= -ErrorPointer.maximum, let name = ErrorNames.name(-number) else { return false }
        append(name)
        return true
    }

    /// include/linux/netdevice.h
    private static func transmission(_ number: Int64) -> StaticString? {
        switch number {
        case 0: "NET_XMIT_SUCCESS"
        case 1: "NET_XMIT_DROP"
        case 2: "NET_XMIT_CN"
        case 0x10: "NETDEV_TX_BUSY"
        default: nil
        }
    }

    /// include/net/sch_generic.h: flags above what a sender sees.
    private mutating func appendEnqueuing(_ number: Int64) -> Bool {
        let stolen: Int64 = 0x1_0000
        let bypass: Int64 = 0x2_0000
        guard number > 0 else { return append(Self.transmission(number), or: number) }
        guard let name = Self.transmission(number & ~(stolen | bypass)) else { return false }
        append(name)
        if number & stolen != 0 { append(" | __NET_XMIT_STOLEN") }
        if number & bypass != 0 { append(" | __NET_XMIT_BYPASS") }
        return true
    }

    /// include/uapi/linux/bpf.h
    private static func programResult(_ number: Int64) -> StaticString? {
        switch number {
        case 0: "XDP_ABORTED"
        case 1: "XDP_DROP"
        case 2: "XDP_PASS"
        case 3: "XDP_TX"
        case 4: "XDP_REDIRECT"
        default: nil
        }
    }

    private mutating func appendProtocol(_ number: UInt64) -> Bool {
        guard number != 0 else { return append("taken", or: 0) }
        append("protocol ")
        appendDecimal(number)
        return true
    }
}
