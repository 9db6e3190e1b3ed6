import Analysis
import CNettraceBPF
import Events
import Recording
import SystemPackage
import Testing

/// Rules that hold for the contexts of every recording, whatever its traffic.
@Suite struct RecordedTrafficTests {
    private static let complete = ["guest-6.1", "guest-7.2"]
    private static let all = complete + ["loopback", "stack", "cut-off"]

    @Test(arguments: all)
    func everyEventIsInExactlyOneContext(_ name: String) throws {
        let records = try records(of: name)
        var untracked = 0
        var shown: [Key: Int] = [:]
        var tracker = ContextTracker()
        func take(_ context: FinishedContext) {
            #expect(context.truncatedEvents == 0)
            for index in 0..<context.count {
                guard let event = context.event(at: index) else {
                    Issue.record("event \(index) cannot be read")
                    continue
                }
                let (number, time) = (event.context, event.timestamp)
                #expect(number == context.number)
                if index > 0 { #expect(time >= context.timestamp(at: index - 1)) }
                shown[Key(event), default: 0] += 1
            }
        }
        var expected: [Key: Int] = [:]
        for record in records {
            guard let event = EventView(record.span.bytes) else {
                Issue.record("a record cannot be read")
                continue
            }
            switch tracker.accept(record.span.bytes, take) {
            case .tracked: expected[Key(event), default: 0] += 1
            case .lifeOnly:
                let isUnshown = !event.flags.isDisjoint(with: .unshown)
                #expect(isUnshown)
            case .untracked, .lateReturn: untracked += 1
            case .unreadable: Issue.record("a record cannot be read")
            }
        }
        tracker.finish(take)
        #expect(shown == expected && !shown.isEmpty)
        #expect(tracker.counters.events + UInt64(untracked) == UInt64(records.count { !isSilent($0) }))
    }

    /// A freed address belongs to another packet from then on, unless a copy of the same packet was made there.
    @Test(arguments: complete)
    func noContextGoesOnAfterItsFree(_ name: String) throws {
        var ended: [UInt64: UInt64] = [:]
        var frees = 0
        // Stable sort: events of the same nanosecond stay in the order of the ring.
        for record in try records(of: name).enumerated().sorted(by: { (time($0), $0.offset) < (time($1), $1.offset) }) {
            guard let event = EventView(record.element.span.bytes), let context = event.context else { continue }
            if event.flags.contains(.free) {
                ended[event.skb] = context
                frees += 1
            } else if event.flags.contains(.silent) {
                ended[event.skb] = nil
            } else {
                let (skb, time) = (event.skb, event.timestamp)
                #expect(ended[skb] != context, "\(skb) at \(time)")
            }
        }
        #expect(frees > 10)
    }

    /// With kprobes every copy and every end is seen: no packet stays open.
    @Test(arguments: complete)
    func everyPacketDies(_ name: String) throws {
        var tracker = ContextTracker()
        var open: [UInt64] = []
        var died = 0
        func take(_ context: FinishedContext) {
            if context.closure == .died { died += 1 } else { open.append(context.number) }
        }
        for record in try records(of: name) { _ = tracker.accept(record.span.bytes, take) }
        tracker.finish(take)
        #expect(open == [] && died > 10)
    }

    /// Identifies an event.
    private struct Key: Hashable {
        let time, skb, context: UInt64
        let hook: Int
        let cpu: UInt16

        init(_ event: borrowing EventView) {
            time = event.timestamp
            skb = event.skb
            context = event.context ?? 0
            hook = event.hook
            cpu = event.cpu
        }
    }

    private func isSilent(_ record: [UInt8]) -> Bool {
        EventView(record.span.bytes)?.flags.contains(.silent) == true
    }

    private func time(_ record: (offset: Int, element: [UInt8])) -> UInt64 {
        EventView(record.element.span.bytes)?.timestamp ?? 0
    }

    /// The readable records; of a damaged recording, those before the damage.
    private func records(of name: String) throws -> [[UInt8]] {
        let folder = FilePath(#filePath).removingLastComponent().removingLastComponent().appending("Golden")
        var reader = try RecordingReader(RecordingFile.open(folder.appending(name + ".ntr")))
        var records: [[UInt8]] = []
        do throws(RecordingError) {
            while let item = try reader.next() {
                if case .record(let bytes) = item { records.append(bytes.withUnsafeBytes { Array($0) }) }
            }
        } catch {
            #expect(name == "cut-off", "\(error)")
        }
        return records
    }
}
