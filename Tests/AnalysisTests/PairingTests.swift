import Analysis
import CNettraceBPF
import Testing

/// Pairs of calls and returns inside one context.
@Suite struct PairingTests {
    private let waiting = ContextTracker.Limits(returnGrace: 1_000_000_000)
    private let millisecond: UInt64 = 1_000_000

    @Test func nestedCallsOfDifferentFunctions() {
        let seen = track(
            [
                .call(.ipRcv, at: 1), .call(.ipForward, at: 2), .end(.ipForward, at: 3, of: 2),
                .end(.ipRcv, at: 4, of: 1),
            ],
            waiting)
        #expect(seen.first?.partners == [3, 2, 1, 0])
        #expect(seen.first?.parents == [nil, 0, nil, nil])
    }

    @Test func recursionWithTheSameSkb() {
        var tracking = Tracking(waiting)
        for time in 1...5 as ClosedRange<UInt64> { tracking.accept(.call(.ipRcv, at: time)) }
        for time in 1...5 as ClosedRange<UInt64> { tracking.accept(.end(.ipRcv, at: 10 + time, of: 6 - time)) }
        tracking.finish()
        #expect(tracking.seen.first?.partners == [9, 8, 7, 6, 5, 4, 3, 2, 1, 0])
        #expect(tracking.seen.first?.tree == [[0, 0], [1, 1], [2, 2], [3, 3], [4, 4]])
        #expect(tracking.tracker.counters.unpairedCalls == 0 && tracking.tracker.counters.unpairedReturns == 0)
    }

    @Test func callsOfTheSameNanosecondAreToldApartByHookAndSkb() {
        let seen = track(
            [
                .call(.ipRcv, at: 5, skb: 0xa), .call(.ipRcv, at: 5, skb: 0xb, cpu: 1),
                .call(.clone, at: 5, skb: 0xa, cpu: 2),
                .end(.ipRcv, at: 7, of: 5, skb: 0xb, cpu: 1), .end(.clone, at: 8, of: 5, skb: 0xa, cpu: 2),
                .end(.ipRcv, at: 9, of: 5, skb: 0xa),
            ], waiting)
        #expect(seen.first?.partners == [5, 3, 4, 1, 2, 0])
    }

    @Test func twinsAreEachPairedOnce() {
        let twin = Record.call(.ipRcv, at: 5)
        let seen = track([twin, twin, .end(.ipRcv, at: 7, of: 5), .end(.ipRcv, at: 8, of: 5)], waiting)
        #expect(seen.first?.partners == [2, 3, 0, 1])
    }

    @Test func whatIsMissingIsCounted() {
        var tracking = Tracking(waiting)
        tracking.accept(.call(.ipRcv, at: 1))
        tracking.accept(.end(.ipForward, at: 2, of: 1))
        tracking.accept(.end(.ipRcv, at: 3, of: 2))
        tracking.accept(Record(time: 4))
        tracking.finish()
        #expect(tracking.seen.first?.partners == [nil, nil, nil, nil])
        #expect(tracking.tracker.counters.unpairedCalls == 1)
        #expect(tracking.tracker.counters.unpairedReturns == 2)
    }

    @Test func anEventThatIsNoCallHasNoReturn() {
        let seen = track([Record(time: 1), .end(.ipRcv, at: 2, of: 1)], waiting)
        #expect(seen.first?.partners == [nil, nil])
    }

    @Test func aPacketWaitsForItsFunctions() {
        var tracking = Tracking(waiting)
        tracking.accept(.call(.ipRcv, at: 0))
        tracking.accept(Record(time: 10, hook: .consume, flags: NT_EVENT_FREE))
        tracking.advance(to: 900 * millisecond)
        #expect(tracking.seen.isEmpty)
        tracking.accept(.end(.ipRcv, at: 900 * millisecond, of: 0))
        tracking.advance(to: 902 * millisecond)
        #expect(tracking.seen.map(\.closure) == [.died])
        #expect(tracking.seen.first?.partners == [2, nil, 0])
        // It ended at 10: functions that return later do not extend its life.
        #expect(tracking.seen.first?.duration == 10)
    }

    @Test func butNotForEver() {
        var tracking = Tracking(waiting)
        tracking.accept(.call(.ipRcv, at: 0))
        tracking.accept(Record(time: 10, hook: .consume, flags: NT_EVENT_FREE))
        tracking.advance(to: 10 + 1000 * millisecond)
        #expect(tracking.seen.map(\.closure) == [.died])
        #expect(tracking.tracker.counters.unpairedCalls == 1)
        #expect(tracking.accept(.end(.ipRcv, at: 2000 * millisecond, of: 0)) == .lateReturn)
        tracking.finish()
        #expect(tracking.seen.count == 1 && tracking.tracker.contexts == 0)
        #expect(tracking.tracker.counters.unpairedReturns == 1 && tracking.tracker.counters.events == 3)
    }

    @Test func nobodyWaitsWhereReturnsAreNotWanted() {
        var tracking = Tracking()
        tracking.accept(.call(.ipRcv, at: 0))
        tracking.accept(Record(time: 10, hook: .consume, flags: NT_EVENT_FREE))
        tracking.advance(to: 10 + 2 * millisecond)
        #expect(tracking.seen.map(\.closure) == [.died])
        #expect(tracking.tracker.counters.unpairedCalls == 0)
    }

    @Test func returnsDoNotBringAnSkbBackToLife() {
        var tracking = Tracking(waiting)
        tracking.accept(.call(.ipRcv, at: 0))
        tracking.accept(Record(time: 10, hook: .consume, flags: NT_EVENT_FREE))
        tracking.accept(.end(.ipRcv, at: 20, of: 0))
        tracking.advance(to: 20 + 2 * millisecond)
        #expect(tracking.seen.map(\.closure) == [.died])
        #expect(tracking.seen.first?.fate == Fate(kind: .consumed, event: 0))
    }

    @Test func aWaitingPacketMakesRoomAsOneThatDied() {
        var tracking = Tracking(.init(contexts: 1, returnGrace: 1000 * millisecond))
        tracking.accept(.call(.ipRcv, at: 0))
        tracking.accept(Record(time: 1, hook: .consume, flags: NT_EVENT_FREE))
        tracking.accept(Record(context: 2, time: 2))
        #expect(tracking.seen.map(\.closure) == [.died])
        #expect(tracking.tracker.counters.evictedContexts == 0)
    }

    @Test func aPacketSeenAgainWaitsNoLonger() {
        var tracking = Tracking(waiting)
        tracking.accept(.call(.ipRcv, at: 0, skb: 0xa))
        tracking.accept(Record(skb: 0xa, time: 1, flags: NT_EVENT_FREE))
        tracking.accept(Record(skb: 0xb, time: 2))
        tracking.accept(.end(.ipRcv, at: 3, of: 0, skb: 0xa))
        tracking.advance(to: 4000 * millisecond)
        #expect(tracking.seen.isEmpty)
        tracking.advance(to: 6000 * millisecond)
        #expect(tracking.seen.map(\.closure) == [.timedOut])
    }

    @Test func returnsOfKeptCallsAreKept() {
        var records = (0..<5).map { Record.call(.ipRcv, at: UInt64($0)) }
        records += (0..<5).map { .end(.ipRcv, at: 10 + UInt64($0), of: 4 - UInt64($0)) }
        let limits = ContextTracker.Limits(eventsPerContext: 3, returnGrace: 1)
        let seen = track(records, limits)
        #expect(seen.first?.times == [0, 1, 2, 12, 13, 14])
        #expect(seen.first?.partners == [5, 4, 3, 2, 1, 0])
        #expect(seen.first?.truncated == 4)
    }

    @Test func liesAboutCallsAreBounded() {
        var records = [Record.call(.ipRcv, at: 0)]
        records += (1..<500).map { .end(.ipRcv, at: UInt64($0), of: 0) }
        let seen = track(records, .init(eventsPerContext: 10, returnGrace: 1))
        #expect((seen.first?.times.count ?? .max) <= 2 * 10 + ContextTracker.maximumSkbs)
        #expect((seen.first?.truncated ?? 0) + (seen.first?.times.count ?? 0) == 500)
    }
}

extension Record {
    static func call(_ hook: Hook, at time: UInt64, skb: UInt64 = 0x1000, cpu: UInt16 = 0) -> Record {
        Record(skb: skb, time: time, hook: hook, flags: NT_EVENT_CALL, cpu: cpu)
    }

    static func end(
        _ hook: Hook, at time: UInt64, of entered: UInt64, skb: UInt64 = 0x1000, cpu: UInt16 = 0
    ) -> Record {
        Record(skb: skb, time: time, hook: hook, cpu: cpu, entered: entered)
    }
}
