import Analysis
import AttachPlanning
import Events
import Protocols
import Tracers
import Text

extension ByteBuffer {
    /// `, deny_all (id 31): XDP_DROP after 0.412 µs`, and what the program did to the packet.
    mutating func appendRun(
        _ run: RunSection, of event: EventView, _ before: borrowing Packet, _ names: NameTable, _ style: Style
    ) {
        append(", ")
        appendVerdict(of: run, event, names, style)
        if let redirect = run.redirect {
            append(",")
            append(redirect)
        }
        appendLengths(run, before: event.length)
        if let mark = run.mark {
            append(", mark 0x")
            appendHex(UInt64(mark))
        }
        // Of a packet that goes no further nobody sees what it has become.
        if !run.isLoss { appendChanges(run, of: event, before) }
    }

    /// `deny_all (id 31): XDP_DROP after 0.412 µs`
    mutating func appendVerdict(of run: RunSection, _ event: EventView, _ names: NameTable, _ style: Style) {
        appendProgram(run.name, id: run.id)
        append(": ")
        appendStyle(run.isLoss ? style.drop : style.returned)
        if !appendVerdict(of: run, names) { appendSigned(Int64(run.verdict)) }
        appendStyle(style.end)
        append(" after ")
        appendMicroseconds(event.runDuration)
        append(" µs")
    }

    /// `, changed daddr dport: UDP: 10.0.0.1:4000 -> 10.0.0.9:53, length: 12`
    private mutating func appendChanges(_ run: RunSection, of event: EventView, _ before: borrowing Packet) {
        var after = Packet()
        guard after.decode(run, of: event) else { return }
        let changes = PacketChanges(from: before, to: after)
        guard !changes.isEmpty else { return }
        append(", changed")
        for bit in 0..<PacketChanges.names where changes.contains(bit: bit) {
            append(UInt8(ascii: " "))
            append(PacketChanges.name(of: bit))
        }
        append(": ")
        append(&after, isSocketTuple: false)
    }

    /// `XDP_DROP`, `TC_ACT_SHOT`; false, and nothing appended, where the number has no name.
    mutating func appendVerdict(of run: RunSection, _ names: NameTable) -> Bool {
        appendReturnName(
            .signed(Int64(run.verdict)), of: run.family == .xdp ? .programResult : .actionResult, names)
    }

    /// ` to ifindex 2`, ` to map 12 key 3`
    mutating func append(_ redirect: RunRedirect) {
        switch redirect {
        case .device(let ifindex):
            append(" to ifindex ")
            appendDecimal(ifindex)
        case .map(let id, let key):
            append(" to map ")
            appendDecimal(id)
            guard let key else { return }
            append(" key ")
            appendDecimal(key)
        }
    }

    /// `, len 98 -> 102 (+4 in front)`; nothing where no byte has come or gone.
    private mutating func appendLengths(_ run: RunSection, before: UInt32) {
        let difference = Int64(run.length) - Int64(before)
        guard difference != 0 || (run.front ?? 0) != 0 else { return }
        append(", len ")
        appendDecimal(before)
        append(" -> ")
        appendDecimal(run.length)
        guard let front = run.front else { return }
        let behind = difference - Int64(front)
        append(" (")
        if front != 0 {
            appendDifference(Int64(front))
            append(" in front")
        }
        if behind != 0 {
            if front != 0 { append(", ") }
            appendDifference(behind)
            append(" behind")
        }
        append(")")
    }

    private mutating func appendDifference(_ number: Int64) {
        if number > 0 { append(UInt8(ascii: "+")) }
        appendSigned(number)
    }
}

extension RunSection {
    /// BPF_PROG_TYPE_XDP, include/uapi/linux/bpf.h; all others that are traced are tc's.
    var family: ProgramFamily { type == 6 ? .xdp : .tc }

    /// The packet goes no further: XDP_ABORTED, XDP_DROP, TC_ACT_SHOT.
    fileprivate var isLoss: Bool { family == .xdp ? verdict == 0 || verdict == 1 : verdict == 2 }
}

extension PacketChanges {
    /// How many there are.
    static let names: UInt16 = 8

    func contains(bit: UInt16) -> Bool { rawValue & 1 << bit != 0 }

    /// As the keys of filters and of JSON call them.
    static func name(of bit: UInt16) -> StaticString {
        switch PacketChanges(rawValue: 1 << bit) {
        case .sourceMAC: "smac"
        case .destinationMAC: "dmac"
        case .vlan: "vlan"
        case .source: "saddr"
        case .destination: "daddr"
        case .sourcePort: "sport"
        case .destinationPort: "dport"
        default: "protocols"
        }
    }
}

extension FunctionReturn {
    /// Of an XDP program, and of a program of tc.
    static let programResult = FunctionReturn(type: .integer(bits: 32, isSigned: true), meaning: .program)
    static let actionResult = FunctionReturn(type: .integer(bits: 32, isSigned: true), meaning: .action)
}
