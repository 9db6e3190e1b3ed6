import Analysis
import CNettraceBPF
import Testing

@Suite struct TrackerTests {
    private let millisecond: UInt64 = 1_000_000

    @Test func aPacketIsHandedOutAfterItsDeathAndTheGrace() {
        var tracking = Tracking()
        tracking.accept(Record(time: 10))
        tracking.accept(Record(time: 20, hook: .consume, flags: NT_EVENT_FREE))
        tracking.advance(to: 20 + 2 * millisecond - 1)
        #expect(tracking.seen.isEmpty)
        tracking.advance(to: 20 + 2 * millisecond)
        #expect(tracking.seen.map(\.closure) == [.died])
        #expect(tracking.seen.first?.times == [10, 20])
        #expect(tracking.seen.first?.duration == 10)
        #expect(tracking.tracker.contexts == 0)
        tracking.finish()
        #expect(tracking.seen.count == 1)
    }

    @Test func theGraceCountsFromAnEndWithoutEvent() {
        var tracking = Tracking()
        tracking.accept(Record(skb: 0xa, time: 0))
        let silent = NT_EVENT_FREE | NT_EVENT_SILENT
        #expect(tracking.accept(Record(skb: 0xa, time: 10 * millisecond, flags: silent)) == .lifeOnly)
        #expect(tracking.seen.isEmpty)
        tracking.accept(Record(skb: 0xb, time: 10 * millisecond - 5))
        tracking.accept(Record(skb: 0xb, time: 11 * millisecond, flags: silent))
        tracking.advance(to: 13 * millisecond)
        #expect(tracking.seen.map(\.closure) == [.died])
        #expect(tracking.seen.first?.skbs == [0xa, 0xb] && tracking.seen.first?.times.count == 2)
        #expect(tracking.tracker.counters.events == 2)
    }

    @Test func eventsOfOthersCountAsTime() {
        var tracking = Tracking()
        tracking.accept(Record(time: 0, flags: NT_EVENT_FREE))
        tracking.accept(Record(context: 2, time: 2 * millisecond))
        #expect(tracking.seen.map(\.number) == [1])
    }

    @Test func aCloneKeepsThePacketAlive() {
        var tracking = Tracking()
        tracking.accept(Record(skb: 0xa, time: 0))
        tracking.accept(Record(skb: 0xb, time: 1))
        tracking.accept(Record(skb: 0xa, time: 2, flags: NT_EVENT_FREE))
        tracking.advance(to: 1000 * millisecond)
        #expect(tracking.seen.isEmpty)
        tracking.accept(Record(skb: 0xb, time: 1000 * millisecond, flags: NT_EVENT_FREE))
        tracking.advance(to: 1002 * millisecond)
        #expect(tracking.seen.map(\.skbs) == [[0xa, 0xb]])
        #expect(tracking.seen.first?.owners == [0xa, 0xb, 0xa, 0xb])
    }

    /// In a tap's queue or a qdisc the clone has no event until long after the original's end.
    @Test func aCopyNotSeenYetKeepsThePacketAlive() {
        var tracking = Tracking()
        tracking.accept(Record(skb: 0xa, time: 0))
        #expect(tracking.accept(Record(skb: 0xb, time: 1, flags: NT_EVENT_SILENT)) == .lifeOnly)
        tracking.accept(Record(skb: 0xa, time: 2, flags: NT_EVENT_FREE))
        tracking.advance(to: 100 * millisecond)
        #expect(tracking.seen.isEmpty)
        tracking.accept(Record(skb: 0xb, time: 100 * millisecond))
        tracking.accept(Record(skb: 0xb, time: 101 * millisecond, flags: NT_EVENT_FREE | NT_EVENT_SILENT))
        tracking.advance(to: 103 * millisecond)
        #expect(tracking.seen.map(\.closure) == [.died])
        #expect(tracking.seen.first?.times == [0, 2, 100 * millisecond])
        // For an unknown packet a copy means nothing.
        tracking.accept(Record(context: 9, skb: 0xc, time: 104 * millisecond, flags: NT_EVENT_SILENT))
        #expect(tracking.tracker.contexts == 0)
    }

    /// A flood to more ports than are listed: each copy counts until its end.
    @Test func unlistedCopiesKeepThePacketAlive() {
        var tracking = Tracking()
        let skbs: [UInt64] = (1...100).map { $0 << 8 }
        tracking.accept(Record(skb: 0xf, time: 0))
        for skb in skbs { tracking.accept(Record(skb: skb, time: 1, flags: NT_EVENT_SILENT)) }
        tracking.accept(Record(skb: 0xf, time: 2, flags: NT_EVENT_FREE))
        for (index, skb) in skbs.enumerated() {
            tracking.advance(to: UInt64(index) * 10 * millisecond)
            #expect(tracking.seen.isEmpty)
            let silent = index % 2 == 0 ? NT_EVENT_SILENT : 0
            tracking.accept(
                Record(skb: skb, time: UInt64(index) * 10 * millisecond, flags: NT_EVENT_FREE | silent))
        }
        tracking.advance(to: 1000 * millisecond)
        #expect(tracking.seen.map(\.closure) == [.died])
        #expect(tracking.seen.first?.hasUnlistedSkbs == true)
        #expect(tracking.seen.first?.skbs.count == ContextTracker.maximumSkbs)
    }

    @Test func aCloneReportedLateIsInTheSameBlock() {
        var tracking = Tracking()
        tracking.accept(Record(skb: 0xa, time: 100))
        tracking.accept(Record(skb: 0xa, time: 200, flags: NT_EVENT_FREE))
        tracking.accept(Record(skb: 0xb, time: 150))
        tracking.advance(to: 10 * millisecond)
        #expect(tracking.seen.isEmpty)
        tracking.accept(Record(skb: 0xb, time: 10 * millisecond, flags: NT_EVENT_FREE))
        tracking.finish()
        #expect(tracking.seen.map(\.times) == [[100, 150, 200, 10 * millisecond]])
        #expect(tracking.seen.first?.closure == .died)
    }

    @Test func theSameAddressUnderAnotherNumberIsAnotherPacket() {
        let seen = track([
            Record(context: 1, time: 1), Record(context: 1, time: 2, flags: NT_EVENT_FREE),
            Record(context: 2, time: 3), Record(context: 2, time: 4, flags: NT_EVENT_FREE),
        ])
        #expect(seen.map(\.number) == [1, 2])
        #expect(seen.map(\.times) == [[1, 2], [3, 4]])
    }

    @Test func eventsOfTheSameTimeStayInOrder() {
        let seen = track((0..<100).map { Record(time: UInt64($0 % 3), serial: UInt32($0)) })
        #expect(
            seen.first?.serials
                == (0..<100).filter { $0 % 3 == 0 } + (0..<100).filter { $0 % 3 == 1 }
                + (0..<100).filter { $0 % 3 == 2 })
    }

    @Test func silenceEndsAContext() {
        var tracking = Tracking(.init(timeout: 100))
        tracking.accept(Record(context: 1, time: 0))
        tracking.accept(Record(context: 2, time: 50))
        tracking.accept(Record(context: 1, time: 60))
        tracking.advance(to: 149)
        #expect(tracking.seen.isEmpty)
        tracking.advance(to: 150)
        #expect(tracking.seen.map(\.number) == [2])
        tracking.advance(to: 160)
        #expect(tracking.seen.map(\.number) == [2, 1])
        #expect(tracking.seen.map(\.closure) == [.timedOut, .timedOut])
    }

    @Test func theEndOfTheRunLosesNothing() {
        let seen = track([Record(context: 1), Record(context: 2), Record(context: 2, flags: NT_EVENT_FREE)])
        #expect(seen.map(\.number) == [2, 1])
        #expect(seen.map(\.closure) == [.died, .runEnded])
    }

    @Test func theOneSilentForLongestMakesRoom() {
        var tracking = Tracking(.init(contexts: 2))
        tracking.accept(Record(context: 1, time: 1))
        tracking.accept(Record(context: 2, time: 2))
        tracking.accept(Record(context: 1, time: 3))
        tracking.accept(Record(context: 3, time: 4))
        #expect(tracking.seen.map(\.number) == [2])
        #expect(tracking.seen.first?.closure == .evicted)
        #expect(tracking.tracker.counters.evictedContexts == 1)
        // A packet that has ended makes room without an eviction.
        tracking.accept(Record(context: 3, time: 5, flags: NT_EVENT_FREE))
        tracking.accept(Record(context: 4, time: 6))
        #expect(tracking.seen.last?.closure == .died)
        #expect(tracking.tracker.counters.evictedContexts == 1)
    }

    @Test func memoryForRecordsIsSharedAndBounded() {
        var tracking = Tracking(.init(bytes: 8192))
        for time in 0..<2000 as Range<UInt64> {
            tracking.accept(Record(context: 1 + time % 7, time: time, serial: UInt32(time)))
            #expect(tracking.tracker.peakBytes <= 8192)
        }
        tracking.finish()
        #expect(tracking.tracker.counters.evictedContexts > 0)
        #expect(tracking.seen.flatMap(\.serials).sorted() == Array(0..<2000))
    }

    @Test func eventsBeyondTheLimitAreCountedButEndsAreKept() {
        var records = (0..<20).map { Record(time: UInt64($0), serial: UInt32($0)) }
        records.append(Record(time: 20, flags: NT_EVENT_FREE, serial: 20))
        let seen = track(records, .init(eventsPerContext: 5))
        #expect(seen.first?.serials == [0, 1, 2, 3, 4, 20])
        #expect(seen.first?.truncated == 15)
        #expect(seen.first?.duration == 20)
    }

    @Test func aPacketAloneMayFillTheMemory() {
        let seen = track((0..<100).map { Record(time: UInt64($0)) }, .init(bytes: 1))
        #expect(seen.count == 1)
        #expect((seen.first?.times.count ?? 0) + (seen.first?.truncated ?? 0) == 100)
        #expect((seen.first?.truncated ?? 0) > 0)
    }

    @Test func moreSkbsThanCanBeListed() {
        var tracking = Tracking()
        for skb in 1...100 as ClosedRange<UInt64> {
            tracking.accept(Record(skb: skb, time: skb))
        }
        for skb in 1...100 as ClosedRange<UInt64> {
            tracking.accept(Record(skb: skb, time: 100 + skb, flags: NT_EVENT_FREE))
        }
        tracking.advance(to: 3 * millisecond)
        #expect(tracking.seen.map(\.skbs) == [Array(1...64)])
        #expect(tracking.seen.first?.hasUnlistedSkbs == true)
        #expect(tracking.seen.first?.times.count == 200)
        #expect(tracking.seen.first?.closure == .died)
    }

    @Test func whatBelongsToNoPacketIsGivenBack() {
        var tracking = Tracking()
        #expect(tracking.accept(Record(context: 0)) == .untracked)
        #expect(tracking.accept(Record(context: 1, skb: 0)) == .tracked)
        #expect(tracking.tracker.accept(RawSpan(), { _ in }) == .unreadable)
        tracking.finish()
        #expect(tracking.seen.map(\.owners) == [[nil]])
        #expect(tracking.seen.first?.fate == nil)
    }

    @Test(arguments: [0, 1, .max, 1 << 63] as [UInt64])
    func anyTimeIsSafe(_ time: UInt64) {
        var tracking = Tracking()
        tracking.accept(Record(context: 1, time: 5))
        tracking.accept(Record(context: 1, time: time))
        tracking.accept(Record(context: 2, time: 7, flags: NT_EVENT_FREE))
        tracking.advance(to: 0)
        tracking.advance(to: .max)
        tracking.finish()
        #expect(tracking.seen.map(\.times).map(\.count).reduce(0, +) == 3)
    }
}
