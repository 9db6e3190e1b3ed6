import CNettraceBPF
import Events
import Testing

/// A record with a socket, a socket event and a stack.
private func record(_ section: nt_sock_event, sections: UInt32 = all) -> [UInt8] {
    var head = nt_event()
    head.sections = UInt16(sections)
    var socket = nt_sock()
    socket.address = 1
    var stack = nt_stack()
    stack.count = 1
    stack.frames.0 = 0xffff_ffff_8100_0010
    var bytes = withUnsafeBytes(of: head) { Array($0) }
    if sections & NT_SECTION_SOCK != 0 { bytes += withUnsafeBytes(of: socket) { Array($0) } }
    if sections & NT_SECTION_SOCK_EVENT != 0 { bytes += withUnsafeBytes(of: section) { Array($0) } }
    if sections & NT_SECTION_STACK != 0 { bytes += withUnsafeBytes(of: stack) { Array($0) } }
    return bytes
}

private let all = UInt32(NT_SECTION_SOCK | NT_SECTION_SOCK_EVENT | NT_SECTION_STACK)

private func section(_ change: (inout nt_sock_event) -> Void) -> SocketEventSection? {
    var section = nt_sock_event()
    change(&section)
    let bytes = record(section)
    return EventView(bytes.span.bytes)?.socketEvent
}

@Suite struct SocketEventSectionTests {
    @Test func aChangeOfStateHasStates() {
        let change = section { ($0.kind, $0.old_state, $0.new_state, $0.error) = (UInt16(NT_SOCK_STATE), 2, 7, 111) }
        #expect(change?.states?.old == 2)
        #expect(change?.states?.new == 7)
        #expect(change?.error == 111)
        let other = section { ($0.kind, $0.old_state, $0.new_state) = (UInt16(NT_SOCK_CONNECT), 2, 7) }
        #expect(other != nil && other?.states == nil && other?.error == nil)
    }

    @Test func aReasonIsThereWhereTheKernelSaysOne() {
        let silent = section { ($0.kind, $0.reason) = (UInt16(NT_SOCK_RESET_SENT), 3) }
        #expect(silent != nil && silent?.resetReason == nil)
        let told = section { ($0.kind, $0.flags) = (UInt16(NT_SOCK_RESET_SENT), UInt32(NT_SOCK_REASON)) }
        #expect(told?.resetReason == 0)
    }

    @Test func countsAndTheirQueue() {
        let full = section {
            ($0.kind, $0.count, $0.limit) = (UInt16(NT_SOCK_LISTEN_OVERFLOW), 129, 128)
            $0.flags = UInt32(NT_SOCK_SYN_QUEUE)
        }
        #expect(full?.count == 129 && full?.limit == 128 && full?.isOfSYNQueue == true)
    }

    @Test func itsNeighboursAreFoundWithAndWithoutIt() {
        for sections in [all, all & ~UInt32(NT_SECTION_SOCK_EVENT)] {
            let bytes = record(nt_sock_event(), sections: sections)
            guard let event = EventView(bytes.span.bytes) else {
                Issue.record("unreadable")
                continue
            }
            #expect((event.socketEvent != nil) == (sections == all))
            #expect(event.socket?.address == 1)
            let frame = event.stack?.frame(0)
            #expect(frame == 0xffff_ffff_8100_0010)
        }
    }

    @Test func everyTruncationIsSafeAndSaid() {
        let bytes = record(nt_sock_event())
        let end = 56 + 48 + 24
        for size in 56..<bytes.count {
            let cut = Array(bytes.prefix(size))
            let event = EventView(cut.span.bytes)
            #expect(event?.isTruncated == true)
            #expect((event?.socketEvent != nil) == (size >= end))
        }
    }
}
