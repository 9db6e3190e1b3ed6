import CNettraceBPF
import Testing

@testable import Analysis

/// A packet whose headers no longer match the filter is still followed to its end.
@Suite struct HiddenEventTests {
    private let drop = Record(
        skb: 0xa, time: 9, hook: .kfree,
        flags: NT_EVENT_FREE | NT_EVENT_DROP | NT_EVENT_REASON | NT_EVENT_HIDDEN, reason: 3)

    @Test func aHiddenDropIsTheEnd() {
        let seen = track([
            Record(skb: 0xa, time: 1, hook: .ipRcv),
            Record(skb: 0xa, time: 2, hook: .ipForward, flags: NT_EVENT_HIDDEN),
            drop,
        ])
        #expect(seen.map(\.fate) == [Fate(kind: .dropped, event: 2)])
        #expect(seen.map(\.closure) == [.died])
        #expect(seen.map(\.hidden) == [2] && seen.map(\.shown) == [1] && seen.map(\.truncated) == [0])
        #expect(seen.map(\.tree) == [[[0, 0]]], "the tree has what is shown")
    }

    /// With ip_rcv as the only tracer, the drop is reported by a record that is no event.
    @Test func aSilentDropIsTheEndAndNotCounted() {
        var silent = drop
        silent.flags = NT_EVENT_FREE | NT_EVENT_DROP | NT_EVENT_REASON | NT_EVENT_SILENT
        let seen = track([Record(skb: 0xa, time: 1, hook: .ipRcv), silent])
        #expect(seen.map(\.fate) == [Fate(kind: .dropped, event: 1)])
        #expect(seen.map(\.hidden) == [0] && seen.map(\.shown) == [1])
    }

    @Test func whatIsHiddenBeginsNoPacket() {
        var tracking = Tracking()
        let acceptance = tracking.accept(drop)
        #expect(acceptance == .lifeOnly)
        tracking.finish()
        #expect(tracking.seen.isEmpty)
        let events = tracking.tracker.counters.events
        #expect(events == 0)
    }

    @Test func hiddenEventsBeyondTheLimitAreNotCountedAsLost() {
        let many = (2..<200).map { Record(skb: 0xa, time: UInt64($0), hook: .ipForward, flags: NT_EVENT_HIDDEN) }
        var end = drop
        end.time = 300
        let seen = track([Record(skb: 0xa, time: 1, hook: .ipRcv)] + many + [end], .init(eventsPerContext: 4))
        #expect(seen.map(\.hidden) == [199] && seen.map(\.truncated) == [0] && seen.map(\.shown) == [1])
        #expect(seen.first?.fate?.kind == .dropped)
    }

    /// Delivery and transmission count even in hidden events.
    @Test func aHiddenDeliveryIsADelivery() {
        let seen = track([
            Record(skb: 0xa, time: 1, hook: .netifReceive),
            Record(skb: 0xb, time: 2, hook: .copyToUser, flags: NT_EVENT_HIDDEN),
            Record(skb: 0xb, time: 3, hook: .consume, flags: NT_EVENT_FREE | NT_EVENT_HIDDEN),
            Record(skb: 0xa, time: 4, hook: .consume, flags: NT_EVENT_FREE),
        ])
        #expect(seen.first?.fate == Fate(kind: .delivered, event: 1))
    }
}
