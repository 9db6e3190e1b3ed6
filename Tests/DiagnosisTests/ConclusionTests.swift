import Analysis
import Testing

@testable import Diagnosis

/// From evidence to cause: what the kernel says counts more than where it said it.
@Suite struct ConclusionTests {
    private let diagnostician: Diagnostician

    init() throws {
        diagnostician = Diagnostician(
            causes: try .embedded(),
            collector: EvidenceCollector(
                hooks: [], dropReasons: [:], symbolize: { _ in "" }, describeReturn: { _, _ in (nil, "") }),
            rules: EndingRules(hooks: []), findCulprit: { _, _ in (.none, [:]) })
    }

    private func evidence(
        reason: String? = nil, function: String? = nil, returns: [(String, Int64, surrounds: Bool)] = []
    ) -> Evidence {
        var evidence = Evidence(event: 0, skb: 1)
        evidence.reason = reason
        evidence.function = function
        evidence.returns = returns.enumerated().map { index, result in
            .init(
                tracer: result.0, number: result.1, text: String(result.1), surroundsDrop: result.surrounds,
                event: index)
        }
        return evidence
    }

    @Test func theDropReasonDecides() {
        let (cause, proof) = diagnostician.conclude(
            from: evidence(reason: "NO_SOCKET", function: "udp_unicast_rcv_skb"))
        #expect(cause?.slug == "no-listener")
        #expect(proof == .reason)
    }

    @Test func withoutAReasonTheReturnValueDecides() {
        let (cause, proof) = diagnostician.conclude(
            from: evidence(function: "somewhere", returns: [("nf_hook_slow", -1, surrounds: true)]))
        #expect(cause?.slug == "netfilter-drop")
        #expect(proof == .returned(0))
    }

    @Test func aReasonThatSaysNothingLeavesItToTheReturnValue() {
        let (cause, _) = diagnostician.conclude(
            from: evidence(reason: "NOT_SPECIFIED", returns: [("nf_hook_slow", -1, surrounds: true)]))
        #expect(cause?.slug == "netfilter-drop")
    }

    @Test func aValueThatMeansNothingIsPassedOver() {
        let (cause, proof) = diagnostician.conclude(
            from: evidence(returns: [("nf_hook_slow", 1, surrounds: true), ("nft_do_chain", 0, surrounds: false)]))
        #expect(cause?.slug == "netfilter-drop")
        #expect(proof == .returned(1))
    }

    @Test func aReturnValueNarrowsABroadReasonDown() {
        let (cause, proof) = diagnostician.conclude(
            from: evidence(
                reason: "NETFILTER_DROP",
                returns: [("nf_hook_slow", -1, surrounds: true), ("nf_conntrack_in", 0, surrounds: false)]))
        #expect(proof == .returned(1))
        #expect(cause?.slug == "conntrack-table-full")
    }

    @Test func aReturnValueOfAnotherMatterDoesNotTouchTheReason() {
        let (cause, _) = diagnostician.conclude(
            from: evidence(reason: "NO_SOCKET", returns: [("nf_hook_slow", -1, surrounds: false)]))
        #expect(cause?.slug == "no-listener")
    }

    @Test func nothingKnownIsAdmitted() {
        let (cause, proof) = diagnostician.conclude(from: evidence(function: "no_such_function"))
        #expect(cause == nil)
        #expect(proof == .none)
    }
}

@Suite struct AdviceWriterTests {
    private func step(_ command: String) throws -> String? {
        let cause = Cause(
            slug: "test", group: "test", severity: .error, title: "", meaning: "", arises: [],
            check: [.init(command: command, note: "")], fix: [], counters: [], related: [], locations: [],
            refinements: [], returns: [])
        return AdviceWriter(values: ["dev": "eth0", "comm": "x'; rm -rf ~"]).advice(of: cause).first?.command
    }

    @Test func knownValuesAreFilledIn() throws {
        #expect(try step("ip link show dev {dev}") == "ip link show dev eth0")
    }

    @Test func unknownOnesAreLeftToTheReader() throws {
        #expect(try step("ip route get {daddr} dev {dev}") == "ip route get <daddr> dev eth0")
    }

    @Test func namesThatOthersChoseCannotBecomeCommands() throws {
        #expect(try step("pgrep {comm}") == #"pgrep 'x'\''; rm -rf ~'"#)
    }
}
