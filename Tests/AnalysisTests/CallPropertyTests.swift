import Analysis
import CNettraceBPF
import Testing

/// Generated calls: nested, recursive, on several CPUs at a time, of functions that return long after the packet has
/// ended.
@Suite struct CallPropertyTests {
    @Test(arguments: 0..<20 as Range<UInt64>)
    func everyCallFindsItsReturnAndItsPlace(_ seed: UInt64) throws {
        var random = SplitMix(state: seed)
        let calls = CallTraffic(packets: 200, &random)
        let seen = track(calls.records, .init(returnGrace: 1_000_000_000))
        #expect(seen.count == 200)
        for context in seen {
            #expect(context.closure == .died)
            for (index, serial) in context.serials.enumerated() {
                let expected = try #require(calls.facts[serial])
                #expect(context.partners[index].map { context.serials[$0] } == expected.partner)
                #expect(context.parents[index].map { context.serials[$0] } == expected.parent)
            }
            #expect(context.tree.count == context.serials.count - context.partners.count { $0 != nil } / 2)
        }
    }

    @Test(arguments: 0..<20 as Range<UInt64>)
    func withLossesEveryEventIsAccountedForOnce(_ seed: UInt64) throws {
        var random = SplitMix(state: 500 + seed)
        let calls = CallTraffic(packets: 200, &random)
        let kept = calls.records.filter { _ in UInt64.random(in: 0..<10, using: &random) > 0 }
        let limits: [ContextTracker.Limits] = [
            .init(), .init(returnGrace: 1_000), .init(contexts: 4, returnGrace: 1_000_000_000),
            .init(eventsPerContext: 6, returnGrace: 1_000_000_000), .init(bytes: 6000, returnGrace: 1_000_000_000),
        ]
        for limits in limits {
            var tracking = Tracking(limits)
            var late = 0
            for (index, record) in kept.enumerated() {
                if tracking.accept(record) == .lateReturn { late += 1 }
                #expect(tracking.tracker.contexts <= limits.contexts)
                if index % 50 == 0 { tracking.advance(to: record.time) }
            }
            tracking.finish()
            var shown = Set<UInt32>()
            for context in tracking.seen {
                #expect(zip(context.times, context.times.dropFirst()).allSatisfy { $0 <= $1 })
                for (index, serial) in context.serials.enumerated() {
                    #expect(shown.insert(serial).inserted)
                    guard let partner = context.partners[index] else { continue }
                    // The pair is never wrong, whatever is missing.
                    #expect(calls.facts[serial]?.partner == context.serials[partner])
                }
                #expect(Set(context.tree.map { $0[1] }).count == context.tree.count)
            }
            let truncated = tracking.seen.reduce(0) { $0 + $1.truncated }
            #expect(shown.count + truncated + late == kept.count)
            #expect(tracking.tracker.counters.events == UInt64(kept.count))
            #expect(tracking.tracker.contexts == 0)
        }
    }

    @Test func afterItsEndAPacketIsNotHeardOfAgain() {
        var random = SplitMix(state: 9)
        let calls = CallTraffic(packets: 300, &random)
        var tracking = Tracking(.init(returnGrace: 100))
        for record in calls.records {
            tracking.advance(to: record.time)
            tracking.accept(record)
        }
        tracking.finish()
        // Although many of its functions returned too late.
        #expect(Set(tracking.seen.map(\.number)).count == tracking.seen.count)
        #expect(tracking.tracker.counters.unpairedReturns > 0)
        #expect(tracking.tracker.counters.unpairedCalls == tracking.tracker.counters.unpairedReturns)
    }
}

/// Packets one after the other, each handled by up to three CPUs at a time.
struct CallTraffic {
    struct Facts {
        /// The serial number of the record at the other end of the call.
        var partner: UInt32?
        var parent: UInt32?
    }

    /// In the order of the ring, which is the order of time.
    private(set) var records: [Record] = []
    private(set) var facts: [UInt32: Facts] = [:]

    init(packets: Int, _ random: inout SplitMix) {
        var next: UInt32 = 0
        for packet in 0..<packets {
            let context = UInt64(packet + 1) << 7
            let start = UInt64(packet) * 2_000_000
            let first = records.count
            var end = start
            // Times of different CPUs differ, so that no two events have the same time.
            for cpu in 0..<UInt16.random(in: 1...3, using: &random) {
                var time = start + UInt64(cpu)
                for _ in 0..<3 {
                    addCall(context, cpu, nil, 0, &time, &next, &random)
                }
                end = max(end, time)
            }
            // The packet ends early; functions that still run return later.
            let death = start + (end - start) / 2 | 7
            records.append(
                Record(context: context, time: death, hook: .consume, flags: NT_EVENT_FREE, serial: next, cpu: 9))
            facts[next] = Facts()
            next += 1
            let begun = records[first...].filter { $0.entered != nil || $0.time <= death }
            let serials = Set(begun.map(\.serial))
            records[first...] =
                begun.filter {
                    $0.entered == nil || serials.contains(facts[$0.serial]?.partner ?? 0)
                }[...]
        }
        records.sort { $0.time < $1.time }
    }

    private mutating func addCall(
        _ context: UInt64, _ cpu: UInt16, _ parent: UInt32?, _ depth: Int, _ time: inout UInt64, _ next: inout UInt32,
        _ random: inout SplitMix
    ) {
        let hook: Hook = [.ipRcv, .ipForward, .xmit].randomElement(using: &random) ?? .ipRcv
        let entry = next
        next += 2
        time += 16 * UInt64.random(in: 1...20, using: &random)
        let entered = time
        records.append(
            Record(
                context: context, time: entered, hook: hook, flags: NT_EVENT_CALL, serial: entry, cpu: cpu))
        facts[entry] = Facts(partner: entry + 1, parent: parent)
        for _ in 0..<(depth < 4 ? Int.random(in: 0...2, using: &random) : 0) {
            if Bool.random(using: &random) {
                addCall(context, cpu, entry, depth + 1, &time, &next, &random)
            } else {
                time += 16
                records.append(Record(context: context, time: time, hook: .clone, serial: next, cpu: cpu))
                facts[next] = Facts(parent: entry)
                next += 1
            }
        }
        time += 16 * UInt64.random(in: 1...20, using: &random)
        records.append(Record(context: context, time: time, hook: hook, serial: entry + 1, cpu: cpu, entered: entered))
        facts[entry + 1] = Facts(partner: entry)
    }
}
