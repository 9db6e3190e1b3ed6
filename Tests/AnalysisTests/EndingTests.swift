import Analysis
import CNettraceBPF
import Testing
import Tracers

@Suite struct EndingTests {
    /// Events of skb 0xa, one nanosecond apart, unless the records say otherwise.
    private func end(_ records: [Record]) -> Seen? {
        let timed = records.enumerated().map { index, record in
            var record = record
            record.time = UInt64(index)
            return record
        }
        return track(timed).first
    }

    private let free = Record(skb: 0xa, hook: .consume, flags: NT_EVENT_FREE)

    @Test func transmitted() {
        let seen = end([
            Record(skb: 0xa, hook: .ipRcv), Record(skb: 0xa, hook: .ipForward), Record(skb: 0xa, hook: .xmit), free,
        ])
        #expect(seen?.fate == Fate(kind: .transmitted, event: 2))
        #expect(seen?.others == [])
        #expect(seen?.lastEvent == 2)
    }

    /// If no tracer is attached where the skb is freed, the kernel side reports the end alone.
    @Test func endsWithoutAnEvent() {
        let silent = Record(skb: 0xa, hook: .consume, flags: NT_EVENT_FREE | NT_EVENT_SILENT)
        let sent = end([Record(skb: 0xa, hook: .xmit), silent])
        #expect(sent?.closure == .died && sent?.times.count == 1)
        #expect(sent?.fate == Fate(kind: .transmitted, event: 0))
        #expect(end([Record(skb: 0xa, hook: .ipRcv), silent])?.fate == Fate(kind: .consumed, event: 0))
        let clone = end([Record(skb: 0xb, hook: .ipRcv), Record(skb: 0xa, hook: .xmit), silent])
        #expect(clone?.closure == .runEnded && clone?.fate == Fate(kind: .transmitted, event: 1))
        #expect(end([silent]) == nil)
        #expect(end([Record(skb: 0xa, hook: .consume), silent])?.fate == nil)
        let notKept = track([Record(skb: 0xb), Record(skb: 0xa, hook: .ipRcv), silent], .init(eventsPerContext: 1))
        #expect(notKept.map(\.skbs) == [[0xb, 0xa]] && notKept.first?.fate == nil)
    }

    @Test func whatAVirtualDevicePassedOnIsNotTransmitted() {
        let veth = end([Record(skb: 0xa, hook: .xmit), Record(skb: 0xa, hook: .netifReceive), free])
        #expect(veth?.fate == Fate(kind: .consumed, event: 1))
        let tunnel = end([Record(skb: 0xa, hook: .xmit), Record(skb: 0xa, hook: .ipForward), free])
        #expect(tunnel?.fate == Fate(kind: .consumed, event: 1))
        let aside = end([Record(skb: 0xa, hook: .xmit), Record(skb: 0xa, hook: .clone), free])
        #expect(aside?.fate == Fate(kind: .transmitted, event: 0))
    }

    /// A function without an skb proves nothing about the packet.
    @Test func functionsUnderOthersShowNeitherPlaceNorEnd() {
        let under = Record(skb: 0xa, hook: .under)
        let sent = end([Record(skb: 0xa, hook: .ipForward), Record(skb: 0xa, hook: .xmit), under, free])
        #expect(sent?.fate == Fate(kind: .transmitted, event: 1) && sent?.lastEvent == 1)
        let consumed = end([Record(skb: 0xa, hook: .ipRcv), under, free])
        #expect(consumed?.fate == Fate(kind: .consumed, event: 0))
        let open = end([Record(skb: 0xa, hook: .ipRcv), under])
        #expect(open?.fate == nil && open?.lastEvent == 0)
    }

    @Test func aTransmissionWithoutEndProvesNothing() {
        #expect(end([Record(skb: 0xa, hook: .xmit)])?.fate == nil)
    }

    @Test func delivered() {
        let seen = end([Record(skb: 0xa, hook: .netifReceive), Record(skb: 0xa, hook: .copyToUser, pid: 7), free])
        #expect(seen?.fate == Fate(kind: .delivered, event: 1))
        // The copy to user space proves it, whether or not the end was seen.
        #expect(
            end([Record(skb: 0xa, hook: .ipRcv), Record(skb: 0xa, hook: .copyToUser)])?.fate?.kind == .delivered)
    }

    @Test func aTapIsNoDelivery() {
        let seen = end([
            Record(skb: 0xa, hook: .netifReceive), Record(skb: 0xb, hook: .copyToUser, flags: NT_EVENT_TAP),
            Record(skb: 0xb, hook: .consume, flags: NT_EVENT_FREE),
            Record(skb: 0xa, hook: .kfree, flags: NT_EVENT_FREE | NT_EVENT_DROP | NT_EVENT_REASON, reason: 3),
        ])
        #expect(seen?.fate == Fate(kind: .dropped, event: 3))
        #expect(seen?.others == [])
    }

    private func drop(_ skb: UInt64, reason: UInt32 = 3, netns: UInt32 = 1) -> Record {
        let flags = NT_EVENT_FREE | NT_EVENT_DROP | NT_EVENT_REASON
        return Record(skb: skb, hook: .kfree, flags: flags, reason: reason, ifindex: 2, netns: netns)
    }

    /// After a copy is freed, another copy may get its address; the end of one must not hide the end of the other.
    @Test func anAddressUsedAgainIsAnotherSkb() {
        let seen = end([
            Record(skb: 0xa, hook: .netifReceive), Record(skb: 0xa, hook: .copyToUser), free,
            Record(skb: 0xa, hook: .netifReceive), drop(0xa),
        ])
        #expect(seen?.fate == Fate(kind: .delivered, event: 1))
        #expect(seen?.others == [Fate(kind: .dropped, event: 4)])
    }

    /// The fragments of a reassembled packet are freed with it; an unrelated skb that is freed next is a drop.
    @Test(arguments: [
        ("skb_release_data+0x12", false), ("skb_release_data.part.0+0x12", false), ("kfree_skb_list_reason+0x2", false),
        ("skb_release_dat", true),
        ("tcp_v4_rcv+0x8", true), ("inet_rtm_getroute+0x433", false), ("inet6_rtm_getroute+0x1", false),
    ])
    func partsAreNotDropped(symbol: String, isDrop: Bool) throws {
        let table = FragmentReleaseTable(try TracerCatalog.embedded().life) { _ in symbol }
        var tracker = ContextTracker()
        var rules = EndingRules(hooks: Hook.facts, dropReasons: [2: "NOT_SPECIFIED"])
        var part = drop(0xb, reason: 2)
        part.location = 0xffff_ffff_8100_0000
        for (index, record) in [Record(skb: 0xa), Record(skb: 0xb), free, part].enumerated() {
            var record = record
            record.time = UInt64(index)
            let bytes = record.bytes
            _ = tracker.accept(bytes.span.bytes) { _ in }
        }
        var fates: [Fate?] = []
        tracker.finish { fates.append(rules.ending(of: $0, releases: table.release).fate) }
        #expect(fates.count == 1 && (fates.first??.kind == .dropped) == isDrop)
    }

    /// Newer kernels free a read skb with a delay.
    @Test func whatWasDeliveredNeedsNoEnd() {
        let read = [Record(skb: 0xa, hook: .ipRcv), Record(skb: 0xa, hook: .copyToUser)]
        #expect(end(read)?.closure == .runEnded && end(read)?.told == .died)
        // A copy is still alive: one that was seen, or one of which only the creation was seen.
        #expect(end(read + [Record(skb: 0xb)])?.told == .runEnded)
        #expect(end(read + [Record(skb: 0xb, flags: NT_EVENT_SILENT)])?.told == .runEnded)
        #expect(end([Record(skb: 0xa, hook: .ipRcv)])?.told == .runEnded)
    }

    /// Ping's raw socket gets a clone; the original has no receiver.
    @Test func aRawSocketsCopyIsADelivery() {
        let seen = end([
            Record(skb: 0xa, hook: .netifReceive), Record(skb: 0xb, hook: .clone), drop(0xa),
            Record(skb: 0xb, hook: .copyToUser, ifindex: 0), Record(skb: 0xb, hook: .consume, flags: NT_EVENT_FREE),
        ])
        #expect(seen?.fate == Fate(kind: .delivered, event: 3))
        #expect(seen?.others == [])
    }

    /// A bridge floods: one machine reads the packet with a raw socket, two have no receiver, one has a firewall.
    @Test func noGenuineDropIsHidden() {
        let copies: [Record] = [0xa, 0xb, 0xc, 0xd].map { Record(skb: $0, hook: .netifReceive) }
        let seen = end(
            copies + [
                drop(0xa, netns: 5), Record(skb: 0xe, hook: .copyToUser, ifindex: 0, netns: 5),
                drop(0xb, netns: 6), drop(0xc, netns: 7), drop(0xd, reason: 9, netns: 5),
                Record(skb: 0xe, hook: .consume, flags: NT_EVENT_FREE),
            ])
        #expect(seen?.fate == Fate(kind: .delivered, event: 5))
        #expect(
            seen?.others == [Fate(kind: .dropped, event: 6, skbs: 2), Fate(kind: .dropped, event: 8)])
    }

    /// A delivered original, which is not a copy, explains no other drop.
    @Test func aDropElsewhereIsNoRemainder() {
        let seen = end([
            Record(skb: 0xa, hook: .netifReceive), Record(skb: 0xb, hook: .netifReceive),
            Record(skb: 0xb, hook: .copyToUser), drop(0xa), Record(skb: 0xb, hook: .consume, flags: NT_EVENT_FREE),
        ])
        #expect(seen?.fate == Fate(kind: .delivered, event: 2))
        #expect(seen?.others == [Fate(kind: .dropped, event: 3)])
    }

    @Test func readThroughATunDeviceIsTransmitted() {
        let seen = end([
            Record(skb: 0xa, hook: .netifReceive), Record(skb: 0xa, hook: .xmit), Record(skb: 0xa, hook: .copyToUser),
            free,
        ])
        #expect(seen?.fate == Fate(kind: .transmitted, event: 1))
    }

    @Test func aBystanderReceivesNothing() {
        let seen = end([
            Record(skb: 0xa, hook: .netifReceive),
            Record(skb: 0xa, hook: .copyToUser, flags: NT_EVENT_INTERRUPT, pid: 9), free,
        ])
        #expect(seen?.fate?.kind == .consumed)
    }

    @Test func dropped() {
        let drop = NT_EVENT_FREE | NT_EVENT_DROP
        #expect(end([Record(skb: 0xa, hook: .kfree, flags: drop)])?.fate == Fate(kind: .dropped, event: 0))
        let reason = Record(skb: 0xa, hook: .kfree, flags: drop | NT_EVENT_REASON, reason: 3)
        #expect(end([Record(skb: 0xa), reason])?.fate == Fate(kind: .dropped, event: 1))
        let consumed = Record(skb: 0xa, hook: .kfree, flags: drop | NT_EVENT_REASON, reason: 1)
        #expect(end([Record(skb: 0xa), consumed])?.fate == Fate(kind: .consumed, event: 0))
    }

    @Test func freesDoNotTellWhereItWasConsumed() {
        #expect(end([Record(skb: 0xa, hook: .ipRcv), free, free])?.fate == Fate(kind: .consumed, event: 0))
        #expect(end([free])?.fate == Fate(kind: .consumed, event: 0))
    }

    /// The original of a TCP segment waits for its acknowledgement; a clone is transmitted.
    @Test func theTransmittedCloneTellsMoreThanTheOriginal() {
        let seen = end([
            Record(skb: 0xa, hook: .ipForward), Record(skb: 0xb, hook: .xmit),
            Record(skb: 0xb, hook: .consume, flags: NT_EVENT_FREE), free,
        ])
        #expect(seen?.fate == Fate(kind: .transmitted, event: 1))
    }

    @Test func fatesThatDifferAreAllTold() {
        let seen = end([
            Record(skb: 0xa, hook: .xmit, ifindex: 2), Record(skb: 0xb, hook: .xmit, ifindex: 3),
            Record(skb: 0xc, hook: .xmit, ifindex: 2), free,
            Record(skb: 0xb, hook: .consume, flags: NT_EVENT_FREE),
            Record(skb: 0xc, hook: .consume, flags: NT_EVENT_FREE),
            Record(skb: 0xd, hook: .kfree, flags: NT_EVENT_FREE | NT_EVENT_DROP | NT_EVENT_REASON, reason: 3),
        ])
        #expect(seen?.fate == Fate(kind: .transmitted, event: 0))
        #expect(seen?.others == [Fate(kind: .transmitted, event: 1), Fate(kind: .dropped, event: 6)])
    }

    @Test func aPacketIsLostIfAllOfItIsButCopiesForObservers() {
        let arrival = Record(skb: 0xa, hook: .netifReceive)
        let tap = [
            Record(skb: 0xb, hook: .copyToUser, flags: NT_EVENT_TAP),
            Record(skb: 0xb, hook: .consume, flags: NT_EVENT_FREE),
        ]
        #expect(end([arrival] + tap + [drop(0xa), drop(0xc)])?.isLostWholly == true)
        // Another copy was consumed, or is still alive.
        #expect(
            end([arrival, Record(skb: 0xb, hook: .consume, flags: NT_EVENT_FREE), drop(0xa)])?.isLostWholly == false)
        #expect(end([arrival, Record(skb: 0xb, hook: .ipRcv), drop(0xa)])?.isLostWholly == false)
        #expect(end([arrival])?.isLostWholly == false)
    }

    @Test func hooksThatAreNotInThePlan() {
        var rules = EndingRules(hooks: [])
        var tracker = ContextTracker()
        let bytes = Record(hook: .xmit, flags: NT_EVENT_FREE).bytes
        _ = tracker.accept(bytes.span.bytes) { _ in }
        var fate: Fate?
        tracker.finish { fate = rules.ending(of: $0, releases: { _ in .never }).fate }
        #expect(fate == Fate(kind: .consumed, event: 0))
    }
}
