import Analysis
import CNettraceBPF
import Testing

/// Nesting of calls.
@Suite struct CallTreeTests {
    private let waiting = ContextTracker.Limits(returnGrace: 1_000_000_000)

    @Test func tracepointsAreLeaves() {
        let seen = track(
            [
                .call(.ipRcv, at: 1), Record(time: 2, hook: .netifReceive), .call(.ipForward, at: 3),
                Record(time: 4, hook: .kfree, flags: NT_EVENT_FREE | NT_EVENT_DROP), .end(.ipForward, at: 5, of: 3),
                .end(.ipRcv, at: 6, of: 1), Record(skb: 0xb, time: 7, hook: .netifReceive),
            ], waiting)
        #expect(seen.first?.tree == [[0, 0], [1, 1], [1, 2], [2, 3], [0, 6]])
    }

    @Test func eachCPUHasItsOwnTree() {
        let seen = track(
            [
                .call(.ipRcv, at: 1), .call(.xmit, at: 2, cpu: 1), .call(.ipForward, at: 3), Record(time: 4, cpu: 1),
                .end(.ipForward, at: 5, of: 3), .end(.xmit, at: 6, of: 2, cpu: 1), .end(.ipRcv, at: 7, of: 1),
            ], waiting)
        // Printed one after the other, although they ran at the same time.
        #expect(seen.first?.tree == [[0, 0], [1, 2], [0, 1], [1, 3]])
    }

    @Test func anInterruptIsInsideWhatItInterrupted() {
        var interrupt = Record(time: 2, flags: NT_EVENT_INTERRUPT)
        interrupt.pid = 8
        var call = Record.call(.ipRcv, at: 1)
        call.pid = 7
        var end = Record.end(.ipRcv, at: 3, of: 1)
        end.pid = 7
        #expect(track([call, interrupt, end], waiting).first?.parents == [nil, 0, nil])
        interrupt.cpu = 1
        #expect(track([call, interrupt, end], waiting).first?.parents == [nil, nil, nil])
    }

    @Test func aTaskIsFollowedToAnotherCPUAndTwoAreNotMixed() {
        var call = Record.call(.ipRcv, at: 1)
        call.pid = 7
        var end = Record.end(.ipRcv, at: 9, of: 1, cpu: 1)
        end.pid = 7
        let own = Record(time: 2, pid: 7, cpu: 1)
        let other = Record(time: 3, pid: 8, cpu: 0)
        #expect(track([call, own, other, end], waiting).first?.parents == [nil, 0, nil, nil])
    }

    @Test func whatOverlapsIsNotNested() {
        let seen = track(
            [.call(.ipRcv, at: 1), .call(.xmit, at: 2), .end(.ipRcv, at: 3, of: 1), .end(.xmit, at: 4, of: 2)], waiting)
        #expect(seen.first?.tree == [[0, 0], [0, 1]])
    }

    @Test func callsWithoutReturnHoldNothing() {
        let seen = track([.call(.ipRcv, at: 1), Record(time: 2), .end(.xmit, at: 3, of: 0)], waiting)
        #expect(seen.first?.tree == [[0, 0], [0, 1], [0, 2]])
    }

    @Test func depthIsNoDanger() {
        var records = (0..<2000).map { Record.call(.ipRcv, at: UInt64($0)) }
        records += (0..<2000).map { .end(.ipRcv, at: 2000 + UInt64($0), of: 1999 - UInt64($0)) }
        let seen = track(records, .init(eventsPerContext: 5000, returnGrace: 1_000_000_000))
        #expect(seen.first?.tree == (0..<2000).map { [$0, $0] })
    }
}
