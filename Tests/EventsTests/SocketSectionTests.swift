import CNettraceBPF
import Events
import Testing

/// A record with a packet, a caller, a socket and a stack.
private func record(_ socket: nt_sock, sections: UInt32 = all) -> [UInt8] {
    var head = nt_event()
    head.sections = UInt16(sections)
    var stack = nt_stack()
    stack.count = 1
    stack.frames.0 = 0xffff_ffff_8100_0010
    var bytes = withUnsafeBytes(of: head) { Array($0) }
    if sections & NT_SECTION_PACKET != 0 { bytes += [UInt8](repeating: 0, count: MemoryLayout<nt_packet>.size) }
    if sections & NT_SECTION_CALLER != 0 { bytes += [UInt8](repeating: 1, count: MemoryLayout<nt_caller>.size) }
    if sections & NT_SECTION_SOCK != 0 { bytes += withUnsafeBytes(of: socket) { Array($0) } }
    if sections & NT_SECTION_STACK != 0 { bytes += withUnsafeBytes(of: stack) { Array($0) } }
    return bytes
}

private let all = NT_SECTION_PACKET | NT_SECTION_CALLER | NT_SECTION_SOCK | NT_SECTION_STACK

private let established = nt_sock(
    address: 0xffff_8881_0000_1000, cookie: 0x1001, inode: 31337, cgroup: 5123, uid: 33, ifindex: 2, family: 2,
    type: 1, protocol: 6, state: 1)

@Suite struct SocketSectionTests {
    @Test func everyFieldIsRead() throws {
        let bytes = record(established)
        let socket = EventView(bytes.span.bytes)?.socket
        #expect(socket?.address == 0xffff_8881_0000_1000)
        #expect(socket?.cookie == 0x1001)
        #expect(socket?.inode == 31337)
        #expect(socket?.cgroup == 5123)
        #expect(socket?.uid == 33)
        #expect(socket?.boundInterface == 2)
        #expect(socket?.family == 2)
        #expect(socket?.type == 1)
        #expect(socket?.transport == 6)
        #expect(socket?.state == 1)
    }

    @Test func zerosAreAbsent() {
        var timeWait = nt_sock()
        timeWait.address = 1
        timeWait.state = 6
        let bytes = record(timeWait)
        let socket = EventView(bytes.span.bytes)?.socket
        #expect(socket?.state == 6)
        #expect(socket != nil && socket?.cookie == nil && socket?.inode == nil && socket?.cgroup == nil)
        #expect(socket != nil && socket?.type == nil && socket?.uid == nil && socket?.boundInterface == nil)
    }

    @Test func noSocketIsNone() {
        var nothing = established
        nothing.address = 0
        let bytes = record(nothing)
        #expect(EventView(bytes.span.bytes)?.socket == nil)
    }

    /// It lies before the stack, although its bit is a later one.
    @Test func itsNeighboursAreFoundWithAndWithoutIt() {
        for sections in [all, all & ~NT_SECTION_SOCK, all & ~NT_SECTION_CALLER, all & ~NT_SECTION_STACK] {
            let bytes = record(established, sections: sections)
            guard let event = EventView(bytes.span.bytes) else {
                Issue.record("unreadable")
                continue
            }
            #expect(event.caller == (sections & NT_SECTION_CALLER != 0 ? 0x0101_0101_0101_0101 : nil))
            #expect(event.socket?.inode == (sections & NT_SECTION_SOCK != 0 ? 31337 : nil))
            let frame = event.stack?.frame(0)
            #expect(frame == (sections & NT_SECTION_STACK != 0 ? 0xffff_ffff_8100_0010 : nil))
            #expect(event.isTruncated == false)
        }
    }

    @Test func everyTruncationIsSafeAndSaid() {
        let bytes = record(established)
        let end = 56 + 128 + 8 + 48
        for size in 56..<bytes.count {
            let cut = Array(bytes.prefix(size))
            guard let event = EventView(cut.span.bytes) else {
                Issue.record("the head is whole at \(size)")
                continue
            }
            #expect(event.isTruncated == true)
            #expect((event.socket != nil) == (size >= end))
            let hasStack = event.stack != nil
            #expect(!hasStack)
        }
    }
}
