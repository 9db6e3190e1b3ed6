import CNettraceBPF
import Events
import Testing

private let sections = NT_SECTION_SOCK | NT_SECTION_CT | NT_SECTION_STACK

private func record(_ entry: nt_ct, skb: UInt64 = 0xffff_8881_0000_2000, sections: UInt32 = sections) -> [UInt8] {
    var head = nt_event()
    head.skb = skb
    head.sections = UInt16(sections)
    var socket = nt_sock()
    socket.address = 7
    var stack = nt_stack()
    stack.count = 1
    stack.frames.0 = 0xffff_ffff_8100_0010
    var bytes = withUnsafeBytes(of: head) { Array($0) }
    if sections & NT_SECTION_SOCK != 0 { bytes += withUnsafeBytes(of: socket) { Array($0) } }
    if sections & NT_SECTION_CT != 0 { bytes += withUnsafeBytes(of: entry) { Array($0) } }
    if sections & NT_SECTION_STACK != 0 { bytes += withUnsafeBytes(of: stack) { Array($0) } }
    return bytes
}

/// A connection to 10.9.3.200:80, which DNAT sends to 10.9.2.2:8080; this packet is an answer.
private var translated: nt_ct {
    var entry = nt_ct()
    entry.address = 0xffff_8881_0000_1000
    entry.status = 0x2e
    entry.mark = 16
    entry.zone = 5
    entry.zone_directions = 3
    entry.info = UInt8(NT_CT_READ) | 3
    entry.tcp_state = 3
    entry.sctp_state = 4
    entry.original = tuple([10, 9, 1, 1], 40000, [10, 9, 3, 200], 80)
    entry.original.family = 2
    entry.original.protocol = 6
    entry.reply = tuple([10, 9, 2, 2], 8080, [10, 9, 1, 1], 40000)
    return entry
}

private func tuple(_ source: [UInt8], _ sourcePort: UInt16, _ destination: [UInt8], _ port: UInt16) -> nt_tuple {
    var tuple = nt_tuple()
    withUnsafeMutableBytes(of: &tuple.source) { $0.copyBytes(from: source) }
    withUnsafeMutableBytes(of: &tuple.destination) { $0.copyBytes(from: destination) }
    tuple.source_port = sourcePort.bigEndian
    tuple.destination_port = port.bigEndian
    return tuple
}

private func conntrack(_ bytes: [UInt8]) -> ConntrackSection? { EventView(bytes.span.bytes)?.conntrack }

@Suite struct ConntrackSectionTests {
    @Test func everyFieldIsRead() throws {
        let bytes = record(translated)
        let section = try #require(conntrack(bytes))
        #expect(section.address == 0xffff_8881_0000_1000)
        #expect(section.info == 3)
        let connection = try #require(section.connection)
        #expect(connection.status == 0x2e)
        #expect(connection.mark == 16 && connection.zone == 5 && connection.zoneDirections == 3)
        #expect(connection.family == 2 && connection.transport == 6 && connection.state == 3)
        #expect(connection.original.source == NetworkAddress(high: 0x0a09_0101 << 32))
        #expect(connection.original.destination == NetworkAddress(high: 0x0a09_03c8 << 32))
        #expect(connection.original.sourcePort == 40000 && connection.original.destinationPort == 80)
        #expect(connection.reply.source == NetworkAddress(high: 0x0a09_0202 << 32))
        #expect(connection.reply.sourcePort == 8080 && connection.reply.destinationPort == 40000)
    }

    @Test func theStateIsThatOfTheProtocol() throws {
        var entry = translated
        entry.original.protocol = 132
        let bytes = record(entry)
        #expect(try #require(conntrack(bytes)).connection?.state == 4)
    }

    @Test func whatIsNotThereIsNil() throws {
        let none = record(nt_ct())
        let section = try #require(conntrack(none))
        #expect(section.address == nil && section.connection == nil)
        var unread = translated
        unread.info = 2
        let unreadBytes = record(unread)
        let unknown = try #require(conntrack(unreadBytes))
        #expect(unknown.address != nil && unknown.info == 2 && unknown.connection == nil)
        let withoutPacket = record(translated, skb: 0)
        #expect(conntrack(withoutPacket) == nil)
    }

    /// It lies between the socket and the stack, though its bit is a later one.
    @Test func itsNeighboursAreFoundWithAndWithoutIt() {
        for named in [sections, sections & ~NT_SECTION_CT, sections & ~NT_SECTION_SOCK, sections & ~NT_SECTION_STACK] {
            let bytes = record(translated, sections: named)
            guard let event = EventView(bytes.span.bytes) else {
                Issue.record("unreadable")
                continue
            }
            #expect(event.socket?.address == (named & NT_SECTION_SOCK != 0 ? 7 : nil))
            #expect(event.conntrack?.connection?.mark == (named & NT_SECTION_CT != 0 ? 16 : nil))
            let frame = event.stack?.frame(0)
            #expect(frame == (named & NT_SECTION_STACK != 0 ? 0xffff_ffff_8100_0010 : nil))
        }
    }

    @Test func everyTruncationIsSafeAndSaid() {
        let bytes = record(translated)
        let end = 56 + 48 + 104
        for size in 56..<bytes.count {
            let cut = Array(bytes.prefix(size))
            guard let event = EventView(cut.span.bytes) else {
                Issue.record("the head is whole at \(size)")
                continue
            }
            #expect(event.isTruncated == true)
            #expect((event.conntrack != nil) == (size >= end))
        }
    }
}
