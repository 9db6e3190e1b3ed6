import Analysis
import CNettraceBPF
import Diagnosis
import Pipeline
import Rendering
import Synchronization
import Testing
import Text

private typealias Records = ContextRecords

/// Packets keep their order even if verdicts wait, and equal verdicts are explained once.
@Suite struct VerdictStreamTests {
    /// Locked while the machine does not answer.
    private final class Machine: Sendable {
        let busy = Mutex(())

        func search() -> CulpritSearch {
            { evidence, _ in
                self.busy.withLock { _ in }
                return CulpritFinding(.found(Culprit(kind: "socket", name: "no socket in \(evidence.netns ?? 0)")))
            }
        }
    }

    private func diagnosis(_ machine: Machine?, onlyFindings: Bool = false, endsWithFinding: Bool = false) throws
        -> ContextDiagnosis
    {
        let causes = try CauseCatalog.embedded()
        let judge = Judge(causes: causes)
        let names = Records.names
        let collector = EvidenceCollector(
            hooks: Records.facts, dropReasons: names.dropReasonNames, symbolize: { names.symbol(at: $0) },
            describeReturn: { _, _ in (nil, "") })
        return ContextDiagnosis(
            Diagnostician(causes: causes, collector: collector), judge: judge,
            desk: machine.map { machine in InquiryDesk(judge: judge) { machine.search() } },
            unasked: { why in { _, _ in CulpritFinding(.unknown(because: why)) } }, onlyFindings: onlyFindings,
            endsWithFinding: endsWithFinding)
    }

    private func feed(
        _ stream: inout ContextStream<TimelineRenderer>, _ contexts: [(UInt64, [EventRecord])],
        _ buffer: inout ByteBuffer
    ) {
        for (context, records) in contexts {
            for record in records {
                let bytes = Records.withContext(context, record)
                stream.accept(bytes.span.bytes, into: &buffer)
            }
        }
        stream.advance(to: Records.start + 10_000_000_000, into: &buffer)
    }

    private func stream(_ diagnosis: ContextDiagnosis, limit: UInt64? = nil) -> ContextStream<TimelineRenderer> {
        ContextStream(
            TimelineRenderer(names: Records.names, tracerWidth: 0), releases: { _ in .never },
            rules: Records.rules,
            tracker: ContextTracker(), limit: limit, diagnosis: diagnosis)
    }

    private func lost(_ skb: UInt64, at time: UInt64) -> [EventRecord] {
        [Records.event(0, at: time, skb: skb), Records.drop(at: time + 500, skb: skb)]
    }

    private func sound(_ skb: UInt64, at time: UInt64) -> [EventRecord] {
        [Records.event(0, at: time, skb: skb), Records.event(3, at: time + 500, skb: skb)]
    }

    private var packets: [(UInt64, [EventRecord])] {
        [(1, sound(0xa1, at: 0)), (2, lost(0xa2, at: 1000)), (3, sound(0xa3, at: 2000)), (4, lost(0xa4, at: 3000))]
    }

    @Test func packetsAfterOneThatWaitsWaitToo() throws {
        let machine = Machine()
        var stream = stream(try diagnosis(machine))
        var buffer = ByteBuffer()
        machine.busy.withLock { _ in feed(&stream, packets, &buffer) }
        let before = text(buffer)
        #expect(before.count(of: "- skb: ") == 1, "only what needs no answer is there")
        stream.finish(into: &buffer)
        let blocks = text(buffer).split(separator: "\n\n").map(String.init)
        #expect(blocks.count == 4)
        for (block, skb) in zip(blocks, ["a1", "a2", "a3", "a4"]) { #expect(block.contains(skb)) }
        #expect(blocks.map { $0.contains("\n! ") } == [false, true, false, true])
        let account = stream.account
        #expect(account.shownPackets == 4 && account.shownEvents == 8 && account.suppressedEvents == 0)
    }

    @Test func aVerdictIsExplainedOnce() throws {
        var stream = stream(try diagnosis(Machine()))
        var buffer = ByteBuffer()
        feed(&stream, packets, &buffer)
        stream.finish(into: &buffer)
        let all = text(buffer)
        #expect(all.count(of: "    evidence: ") == 1 && all.count(of: "    culprit:  no socket in 0 (socket)\n") == 1)
        #expect(all.contains(", × 2: no socket in 0 (explained above)\n"))
        let findings = stream.findings
        #expect(findings?.findings.map(\.packets) == [2] && findings?.judged == 4)
    }

    @Test func theFirstFindingIsTheLastPacket() throws {
        var stream = stream(try diagnosis(Machine(), endsWithFinding: true))
        var buffer = ByteBuffer()
        feed(&stream, packets, &buffer)
        stream.finish(into: &buffer)
        let isDone = stream.isDone
        #expect(isDone && text(buffer).count(of: "- skb: ") == 2)
        let account = stream.account
        #expect(account.shownEvents == 4 && account.suppressedEvents == 4)
    }

    @Test func onlyFindingsAreShownAndTheRestIsAccountedFor() throws {
        var stream = stream(try diagnosis(Machine(), onlyFindings: true))
        var buffer = ByteBuffer()
        feed(&stream, packets, &buffer)
        stream.finish(into: &buffer)
        #expect(text(buffer).count(of: "- skb: ") == 2)
        let account = stream.account
        #expect(account.shownEvents == 4 && account.suppressedEvents == 4)
    }

    /// The same with a recording, which has no machine to ask.
    @Test func withoutAMachineNothingWaits() throws {
        var stream = stream(try diagnosis(nil))
        var buffer = ByteBuffer()
        feed(&stream, packets, &buffer)
        let all = text(buffer)
        #expect(all.count(of: "- skb: ") == 4 && all.count(of: "culprit:  not known: a recording") == 1)
    }

    @Test func whatTheFilterHidIsCounted() {
        let records = [
            Records.event(0, at: 0), Records.event(5, at: 500, flags: NT_EVENT_HIDDEN),
            {
                var drop = Records.drop(at: 1500); drop.flags |= NT_EVENT_HIDDEN; return drop
            }(),
        ]
        let block = Records.timeline(records)
        #expect(block.count(of: "ICMP: ") == 1)
        #expect(
            block.contains(
                "= dropped, reason: NO_SOCKET, at tcp_v4_rcv+0x1a3, 1.500 µs, 2 events hidden by the filter "
                    + "(--skb-mode shows them)\n"))
        let (json, account) = Records.rendered(
            records.map { (1, $0) }, TimelineJSONRenderer(names: Records.names))
        #expect(json.contains(#""hidden_events":2"#) && account.shown == 1 && account.suppressed == 0)
    }
}
