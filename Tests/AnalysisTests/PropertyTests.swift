import Analysis
import CNettraceBPF
import Testing

/// Generated traffic: many packets at a time on several CPUs, whose records arrive out of order by less than a
/// millisecond, in a tracker that is sometimes too small.
@Suite struct PropertyTests {
    @Test(arguments: 0..<20 as Range<UInt64>)
    func everyEventIsInExactlyOneContext(_ seed: UInt64) throws {
        var random = SplitMix(state: seed)
        let limits: [ContextTracker.Limits] = [
            .init(), .init(contexts: 8), .init(eventsPerContext: 4), .init(bytes: 10_000),
            .init(contexts: 3, eventsPerContext: 2, bytes: 1, grace: 0, timeout: 3_000_000),
        ]
        let records = Traffic.records(packets: 400, &random)
        let owners = Dictionary(uniqueKeysWithValues: records.map { ($0.serial, $0) })
        for limits in limits {
            var tracking = Tracking(limits)
            for (index, record) in records.enumerated() {
                tracking.accept(record)
                if index % 50 == 0 { tracking.advance(to: record.time) }
            }
            tracking.finish()

            var shown = Set<UInt32>()
            for context in tracking.seen {
                #expect(zip(context.times, context.times.dropFirst()).allSatisfy { $0 <= $1 })
                for (index, serial) in context.serials.enumerated() {
                    let record = try #require(owners[serial])
                    #expect(shown.insert(serial).inserted)
                    #expect(record.context == context.number && record.time == context.times[index])
                    #expect(context.owners[index] == record.skb)
                }
            }
            let truncated = tracking.seen.reduce(0) { $0 + $1.truncated }
            #expect(shown.count + truncated == records.count)
            let counters = tracking.tracker.counters
            #expect(counters.events == UInt64(records.count))
            #expect(counters.truncatedEvents == UInt64(truncated))
            #expect(counters.contexts == UInt64(tracking.seen.count))
            #expect(counters.evictedContexts == UInt64(tracking.seen.count { $0.closure == .evicted }))
            #expect(tracking.tracker.contexts == 0)
        }
    }

    @Test(arguments: 0..<20 as Range<UInt64>)
    func withRoomEveryPacketIsOneBlock(_ seed: UInt64) {
        var random = SplitMix(state: 1000 + seed)
        let records = Traffic.records(packets: 300, &random)
        let seen = track(records)
        #expect(seen.count == 300)
        for context in seen {
            #expect(context.closure == (Traffic.isSurvivor(context.number) ? .runEnded : .died))
        }
    }

    @Test func aHundredThousandPacketsNeedNoMoreMemoryThanTenThousand() {
        var tracker = ContextTracker()
        var rules = Hook.rules
        var bytes = (0..<2).map { step in
            Record(skb: 0xa00, hook: step == 1 ? .consume : .ipRcv, flags: step == 1 ? NT_EVENT_FREE : 0).bytes
        }
        var events = 0
        var afterTheFirst = 0
        for packet in 1...100_000 as ClosedRange<UInt64> {
            for step in bytes.indices {
                bytes[step].withUnsafeMutableBytes { raw in
                    raw.storeBytes(of: packet * 1000 + UInt64(step), toByteOffset: 0, as: UInt64.self)
                    raw.storeBytes(of: packet << 7, toByteOffset: 16, as: UInt64.self)
                }
                let record = bytes[step]
                _ = tracker.accept(record.span.bytes) { context in
                    events += context.count
                    _ = rules.ending(of: context) { _ in .never }
                }
            }
            // By now the maximum number of packets waits for its end.
            if packet == 10_000 { afterTheFirst = tracker.peakBytes }
        }
        #expect(afterTheFirst > 0 && tracker.peakBytes == afterTheFirst)
        tracker.finish { events += $0.count }
        #expect(events == 200_000)
        #expect(tracker.counters.evictedContexts == 0)
    }

    @Test func theTableAgreesWithADictionary() {
        var random = SplitMix(state: 3)
        var numbers = PacketNumbers(capacity: 50)
        var latest: UInt64 = 0
        var known: [UInt64: UInt64] = [:]
        for _ in 0..<20_000 {
            // A narrow range, so that old contexts come back; multiples of 128, as on the kernel side.
            let context = UInt64.random(in: 1...80, using: &random) << 7
            let number = numbers.number(of: context)
            if let expected = known[context], latest - expected < 50 {
                #expect(number == expected)
            } else {
                latest += 1
                #expect(number == latest)
                known[context] = latest
            }
        }
    }
}

/// Records of packets that are alive at the same time.
enum Traffic {
    /// In the order of arrival; serial numbers count from 0. One in ten packets never ends.
    static func records(packets: Int, _ random: inout SplitMix) -> [Record] {
        var records: [Record] = []
        var freeAddresses = (1...40).map { UInt64($0) << 8 }
        for packet in 0..<packets {
            let context = UInt64(packet + 1) << 7
            var time = UInt64(packet) * 20_000 + UInt64.random(in: 0..<20_000, using: &random)
            freeAddresses.shuffle(using: &random)
            // Several packets use an address, in turn or at the same time: only the context tells them apart.
            let skbs = freeAddresses.prefix(Int.random(in: 1...4, using: &random))
            for skb in skbs {
                records.append(Record(context: context, skb: skb, time: time))
            }
            for _ in 0..<Int.random(in: 0...12, using: &random) {
                time += UInt64.random(in: 0...3000, using: &random)
                let skb = skbs.randomElement(using: &random) ?? 0
                records.append(Record(context: context, skb: skb, time: time, hook: .ipForward))
            }
            for skb in skbs.dropLast(isSurvivor(context) ? 1 : 0) {
                time += UInt64.random(in: 0...3000, using: &random)
                records.append(Record(context: context, skb: skb, time: time, hook: .consume, flags: NT_EVENT_FREE))
            }
        }
        let arrivals = records.map { $0.time + UInt64.random(in: 0..<1_000_000, using: &random) }
        let order = records.indices.sorted { (arrivals[$0], $0) < (arrivals[$1], $1) }
        return order.enumerated().map { serial, index in
            var record = records[index]
            record.serial = UInt32(serial)
            return record
        }
    }

    /// Whether one skb of this packet is never freed.
    static func isSurvivor(_ context: UInt64) -> Bool { context >> 7 % 10 == 0 }
}
