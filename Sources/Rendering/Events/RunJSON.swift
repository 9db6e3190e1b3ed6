import Analysis
import Events
import Protocols
import Tracers
import Text

extension JSONObject {
    /// `"program":{…},"verdict":"XDP_DROP","run":{…}`.
    mutating func appendRun(
        _ run: RunSection, of event: EventView, _ before: borrowing Packet, _ names: NameTable,
        _ buffer: inout ByteBuffer
    ) {
        appendProgram(run.name, id: run.id, tag: run.tag, type: run.family == .xdp ? "xdp" : "tc", &buffer)
        key("verdict", &buffer)
        buffer.append(UInt8(ascii: "\""))
        if !buffer.appendVerdict(of: run, names) { buffer.appendSigned(Int64(run.verdict)) }
        buffer.append(UInt8(ascii: "\""))
        key("run", &buffer)
        var object = JSONObject()
        object.signed("value", run.verdict, &buffer)
        object.number("ns", event.runDuration, &buffer)
        object.number("len", run.length, &buffer)
        if let front = run.front {
            object.signed("front", front, &buffer)
            object.signed("behind", Int64(run.length) - Int64(event.length) - Int64(front), &buffer)
        }
        object.number("mark", run.mark, &buffer)
        object.append(run.redirect, &buffer)
        object.appendChanges(run, of: event, before, &buffer)
        object.end(&buffer)
    }

    mutating func appendProgram(
        _ name: RawSpan, id: UInt32, tag: UInt64, type: StaticString, _ buffer: inout ByteBuffer
    ) {
        key("program", &buffer)
        var object = JSONObject()
        object.number("id", id, &buffer)
        object.text("name", name, &buffer)
        object.word("type", type, &buffer)
        object.key("tag", &buffer)
        buffer.append(UInt8(ascii: "\""))
        buffer.appendHex(tag, width: 16)
        buffer.append(UInt8(ascii: "\""))
        object.end(&buffer)
    }

    /// `"map":12,"key":3`, or `"ifindex":2`.
    mutating func append(_ redirect: RunRedirect?, _ buffer: inout ByteBuffer) {
        switch redirect {
        case .device(let ifindex): number("ifindex", ifindex, &buffer)
        case .map(let id, let key):
            number("map", id, &buffer)
            number("key", key, &buffer)
        case nil: break
        }
    }

    private mutating func signed(_ name: StaticString, _ value: some BinaryInteger, _ buffer: inout ByteBuffer) {
        key(name, &buffer)
        buffer.appendSigned(Int64(value))
    }

    /// `"changed":["daddr"],"after":{…}`; nothing where the packet is the same.
    private mutating func appendChanges(
        _ run: RunSection, of event: EventView, _ before: borrowing Packet, _ buffer: inout ByteBuffer
    ) {
        var after = Packet()
        guard after.decode(run, of: event) else { return }
        let changes = PacketChanges(from: before, to: after)
        guard !changes.isEmpty else { return }
        key("changed", &buffer)
        var separator: StaticString = "[\""
        for bit in 0..<PacketChanges.names where changes.contains(bit: bit) {
            buffer.append(separator)
            buffer.append(PacketChanges.name(of: bit))
            buffer.append(UInt8(ascii: "\""))
            separator = ",\""
        }
        buffer.append(UInt8(ascii: "]"))
        key("after", &buffer)
        var object = JSONObject()
        object.append(&after, isSocketTuple: false, &buffer)
        object.end(&buffer)
    }
}
