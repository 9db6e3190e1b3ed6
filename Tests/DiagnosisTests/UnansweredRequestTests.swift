import Analysis
import Protocols
import Testing

@testable import Diagnosis

/// Packets that were taken and not answered, and evidence that fits several causes: the machine's state decides.
@Suite struct UnansweredRequestTests {
    /// A class, since questions change its state.
    private final class Asked {
        private var diagnostician: Diagnostician
        private let judge: Judge
        private let search: CulpritSearch

        init(_ causes: CauseCatalog, _ search: @escaping CulpritSearch) {
            diagnostician = Diagnostician(
                causes: causes,
                collector: EvidenceCollector(
                    hooks: [], dropReasons: [:], symbolize: { _ in "" }, describeReturn: { _, _ in (nil, "") }))
            judge = Judge(causes: causes)
            self.search = search
        }

        func unanswered(by evidence: Evidence, at time: UInt64) -> Conclusion? {
            guard diagnostician.maySearch(evidence, at: time) else { return nil }
            return judge.conclusion(onUnanswered: evidence, asking: search)
        }

        func loss(by evidence: Evidence, at time: UInt64, isMissed: Bool = false) -> Conclusion? {
            diagnostician.loss(by: evidence, at: time, isMissed: isMissed)
                .flatMap { judge.conclusion(on: $0, asking: search) }
        }
    }

    /// A machine on which the culprits of these causes can be found.
    private func diagnostician(culprits: [String: CulpritAnswer]) throws -> Asked {
        Asked(try .embedded()) { _, cause in CulpritFinding(culprits[cause.slug] ?? .unknown(because: "not here")) }
    }

    private func found(_ name: String) -> CulpritAnswer { .found(Culprit(kind: "test", name: name)) }

    private func evidence(_ unanswered: UnansweredRequest? = nil, reason: String? = nil, function: String? = nil)
        -> Evidence
    {
        var evidence = Evidence(event: 0, skb: 1)
        evidence.unanswered = unanswered
        evidence.reason = reason
        evidence.function = function
        return evidence
    }

    private func unanswered(_ transport: [UInt8], proto: UInt8) -> UnansweredRequest? {
        let ip: [UInt8] = [
            0x45, 0, 0, UInt8(20 + transport.count), 0, 1, 0, 0, 64, proto, 0, 0, 10, 0, 0, 1, 10, 0, 0, 2,
        ]
        return unanswered(ip + transport, etherType: 0x0800)
    }

    private func unanswered(_ bytes: [UInt8], etherType: UInt16) -> UnansweredRequest? {
        let frame = [UInt8](repeating: 0, count: 14) + bytes
        return UnansweredRequest(
            Packet(
                decoding: frame.span.bytes,
                layout: PacketLayout(startsAtLink: false, networkOffset: 14, etherType: etherType)))
    }

    @Test func whatDemandsAnAnswerIsTold() {
        func segment(_ flags: UInt8) -> [UInt8] {
            [0, 1, 0, 2, 0, 0, 0, 0, 0, 0, 0, 0, 0x50, flags] + [0, 0, 0, 0, 0, 0]
        }
        #expect(unanswered(segment(0x02), proto: 6) == .tcpSyn)
        #expect(unanswered(segment(0xc2), proto: 6) == .tcpSyn, "with ECN")
        #expect(unanswered(segment(0x12), proto: 6) == nil, "the answer to it")
        #expect(unanswered(segment(0x10), proto: 6) == nil)
        #expect(unanswered(segment(0x14), proto: 6) == .tcpReset)
        #expect(unanswered([8, 0, 0, 0, 0, 1, 0, 1], proto: 1) == .echoRequest)
        #expect(unanswered([0, 0, 0, 0, 0, 1, 0, 1], proto: 1) == nil)
        #expect(unanswered([128, 0, 0, 0, 0, 1, 0, 1], proto: 1) == nil, "that is ICMPv6")
        let arp: [UInt8] = [0, 1, 8, 0, 6, 4, 0, 1] + [UInt8](repeating: 1, count: 20)
        #expect(unanswered(arp, etherType: 0x0806) == .arpRequest)
        #expect(unanswered(Array(arp[..<7]) + [2] + arp[8...], etherType: 0x0806) == nil, "a reply")
        #expect(unanswered(arp, etherType: 0x8035) == nil, "RARP")
        #expect(unanswered([0x45, 0], etherType: 0x0800) == nil)
    }

    @Test func onlyTheMachineMakesASilenceALoss() throws {
        let asked = try diagnostician(culprits: ["icmp-ignored": found("setting")])
        let told = try #require(asked.unanswered(by: evidence(.echoRequest), at: 0))
        #expect(told.cause?.slug == "icmp-ignored" && told.proof == .unanswered)
        #expect(asked.unanswered(by: evidence(.tcpSyn), at: 0) == nil)
        #expect(asked.unanswered(by: evidence(), at: 0) == nil)
    }

    @Test func theFirstCauseThatIsProvedCounts() throws {
        let asked = try diagnostician(
            culprits: ["accept-queue-full": .oneOf([], because: "two share it"), "syn-queue-full": found("socket")])
        #expect(asked.unanswered(by: evidence(.tcpSyn), at: 0)?.cause?.slug == "accept-queue-full")
    }

    @Test func theMachineIsNotAskedAboutEachOfManyPackets() throws {
        let asked = try diagnostician(culprits: ["icmp-ignored": found("setting")])
        let answers = (0..<100).filter { _ in asked.unanswered(by: evidence(.echoRequest), at: 1_000_000_000) != nil }
        #expect(answers.count == QuestionBudget.burst)
        #expect(asked.unanswered(by: evidence(.echoRequest), at: 1_000_000_000 + QuestionBudget.interval) != nil)
        #expect(asked.unanswered(by: evidence(.echoRequest), at: 1_000_000_000 + QuestionBudget.interval) == nil)
        #expect(asked.unanswered(by: evidence(.echoRequest), at: 0) == nil, "an event that came late earns nothing")
    }

    @Test func theMachineTellsASocketFilterFromAControlGroup() throws {
        let loss = evidence(reason: "SKB_DROP_REASON_SOCKET_FILTER", function: "udp_queue_rcv_one_skb")
        let group = try diagnostician(culprits: ["cgroup-bpf": found("program")])
        #expect(group.loss(by: loss, at: 0)?.cause?.slug == "cgroup-bpf")
        #expect(group.loss(by: loss, at: 0)?.proof == .location)
        let socket = try diagnostician(culprits: ["socket-filter": found("filter")])
        #expect(socket.loss(by: loss, at: 0)?.cause?.slug == "socket-filter")
        #expect(socket.loss(by: loss, at: 0)?.proof == .reason)
        let neither = try diagnostician(culprits: [:])
        #expect(neither.loss(by: loss, at: 0)?.cause?.slug == "socket-filter")
        let both = try diagnostician(culprits: ["socket-filter": found("filter"), "cgroup-bpf": found("program")])
        guard case .oneOf(let suspects, _)? = both.loss(by: loss, at: 0)?.culprit?.answer else {
            Issue.record("not left open")
            return
        }
        #expect(suspects.map(\.name) == ["filter", "program"])
    }

    @Test func aNormalDropIsNoneWhereTheMachineShowsAnotherCause() throws {
        let loss = evidence(reason: "SKB_DROP_REASON_TCP_OLD_SEQUENCE", function: "tcp_validate_incoming")
        let stray = try diagnostician(culprits: ["tcp-out-of-window": found("connection")])
        #expect(stray.loss(by: loss, at: 0)?.cause?.slug == "tcp-out-of-window")
        let repeated = try diagnostician(culprits: [:])
        #expect(repeated.loss(by: loss, at: 0) == nil)
    }

    @Test func aStrayThatIsMissedIsToldByWhatItIsNarrowedTo() throws {
        let loss = evidence(reason: "SKB_DROP_REASON_OTHERHOST", function: "ip_rcv_core")
        let asked = try diagnostician(culprits: ["macvlan-filter": found("device")])
        #expect(asked.loss(by: loss, at: 0, isMissed: true)?.cause?.slug == "macvlan-filter")
        #expect(asked.loss(by: loss, at: 0) == nil)
    }

    @Test func whoIsSureGoesBeforeWhoOnlySuspectsTheSame() throws {
        let loss = evidence(reason: "SKB_DROP_REASON_NETFILTER_DROP", function: "nf_hook_slow")
        func cause(_ suspect: String) throws -> String? {
            let asked = try diagnostician(culprits: [
                "netfilter-drop": .oneOf([Culprit(kind: "test", name: suspect)], because: "not sure"),
                "conntrack-insert-failed": found("rule"),
            ])
            return asked.loss(by: loss, at: 0)?.cause?.slug
        }
        #expect(try cause("rule") == "conntrack-insert-failed")
        #expect(try cause("another rule") == "netfilter-drop")
    }
}
