import Analysis
import Testing

@testable import Diagnosis

/// From evidence to cause: the kernel's reason counts more than the place.
@Suite struct ConclusionTests {
    private let judge: Judge

    init() throws {
        judge = Judge(causes: try .embedded())
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
        let (cause, proof) = judge.conclude(
            from: evidence(reason: "NO_SOCKET", function: "udp_unicast_rcv_skb"))
        #expect(cause?.slug == "no-listener")
        #expect(proof == .reason)
    }

    @Test func withoutAReasonTheReturnValueDecides() {
        let (cause, proof) = judge.conclude(
            from: evidence(function: "somewhere", returns: [("nf_hook_slow", -1, surrounds: true)]))
        #expect(cause?.slug == "netfilter-drop")
        #expect(proof == .returned(0))
    }

    @Test func aReasonThatSaysNothingLeavesItToTheReturnValue() {
        let (cause, _) = judge.conclude(
            from: evidence(reason: "NOT_SPECIFIED", returns: [("nf_hook_slow", -1, surrounds: true)]))
        #expect(cause?.slug == "netfilter-drop")
    }

    @Test func aValueThatMeansNothingIsPassedOver() {
        let (cause, proof) = judge.conclude(
            from: evidence(returns: [("nf_hook_slow", 1, surrounds: true), ("nft_do_chain", 0, surrounds: false)]))
        #expect(cause?.slug == "netfilter-drop")
        #expect(proof == .returned(1))
    }

    @Test func aReturnValueNarrowsAnotherOneDown() {
        let (cause, proof) = judge.conclude(
            from: evidence(returns: [("nf_conntrack_in", 0, surrounds: false), ("nf_hook_slow", -1, surrounds: true)]))
        #expect(cause?.slug == "conntrack-table-full")
        #expect(proof == .returned(0))
        let (police, _) = judge.conclude(
            from: evidence(returns: [("tcf_police_act", 2, surrounds: false), ("tcf_action_exec", 2, surrounds: false)])
        )
        #expect(police?.slug == "tc-police")
    }

    @Test func aReturnValueNarrowsABroadReasonDown() {
        let (cause, proof) = judge.conclude(
            from: evidence(
                reason: "NETFILTER_DROP",
                returns: [("nf_hook_slow", -1, surrounds: true), ("nf_conntrack_in", 0, surrounds: false)]))
        #expect(proof == .returned(1))
        #expect(cause?.slug == "conntrack-table-full")
    }

    @Test func aReturnValueOfAnotherMatterDoesNotTouchTheReason() {
        let (cause, _) = judge.conclude(
            from: evidence(reason: "NO_SOCKET", returns: [("nf_hook_slow", -1, surrounds: false)]))
        #expect(cause?.slug == "no-listener")
    }

    @Test func nothingKnownIsAdmitted() {
        let (cause, proof) = judge.conclude(from: evidence(function: "no_such_function"))
        #expect(cause == nil)
        #expect(proof == .none)
    }
}

/// If several causes fit, the machine's state decides.
@Suite struct NarrowingTests {
    private func narrowed(
        _ cause: String?, at function: String? = nil, culprits: Set<String>
    ) throws -> (slug: String?, proof: Proof) {
        let catalog = try CauseCatalog.embedded()
        var evidence = Evidence(event: 0, skb: 1)
        evidence.function = function
        let told = Judge(causes: catalog).narrowed(
            .init(
                evidence: evidence, cause: cause.flatMap { catalog.cause(named: $0) },
                proof: cause == nil ? .none : .reason)
        ) { _, cause in
            CulpritFinding(
                culprits.contains(cause.slug) ? .found(Culprit(kind: "k", name: "n")) : .unknown(because: "no"))
        }
        return (told.cause?.slug, told.proof)
    }

    @Test func theOnlyNarrowerCauseWithACulpritIsIt() throws {
        let found = try narrowed("not-for-this-host", culprits: ["vlan-unknown", "not-for-this-host"])
        #expect(found == ("vlan-unknown", .reason))
    }

    @Test func withNoneOrSeveralTheBroadCauseStays() throws {
        #expect(try narrowed("bridge-no-target", culprits: []).slug == "bridge-no-target")
        #expect(
            try narrowed("bridge-no-target", culprits: ["bridge-stp", "bridge-isolated"]).slug == "bridge-no-target")
    }

    @Test func aPlaceOfSeveralCausesIsSettledLikewise() throws {
        let place = "__dev_forward_skb2"
        #expect(try narrowed(nil, at: place, culprits: ["mtu-exceeded"]) == ("mtu-exceeded", .location))
        #expect(try narrowed(nil, at: place, culprits: ["mtu-exceeded", "no-carrier"]) == (nil, .none))
        #expect(try narrowed("unspecified", at: place, culprits: []).slug == "unspecified")
    }

    @Test func whatThePlaceShowsIsNarrowedFurther() throws {
        let found = try narrowed(nil, at: "ip_rcv_core", culprits: ["not-for-this-host", "macvlan-filter"])
        #expect(found == ("macvlan-filter", .location))
    }
}

@Suite struct AdviceWriterTests {
    private func step(_ command: String) throws -> String? {
        let cause = Cause(
            slug: "test", group: "test", severity: .error, isStray: false, title: "", meaning: "", arises: [],
            check: [.init(command: command, note: "")], fix: [], counters: [], related: [], narrower: [], locations: [],
            refinements: [], returns: [], unansweredRequests: [], alternatives: [])
        return AdviceWriter(values: ["dev": "eth0", "comm": "x'; rm -rf ~"]).advice(of: cause).first?.command
    }

    @Test func knownValuesAreFilledIn() throws {
        #expect(try step("ip link show dev {dev}") == "ip link show dev eth0")
    }

    @Test func unknownOnesAreLeftToTheReader() throws {
        #expect(try step("ip route get {daddr} dev {dev}") == "ip route get <daddr> dev eth0")
    }

    /// The general remedy of a cause may not help against the found culprit.
    @Test func theCulpritsRemediesGoBeforeTheCausesCommands() throws {
        let cause = Cause(
            slug: "test", group: "test", severity: .error, isStray: false, title: "", meaning: "", arises: [],
            check: [],
            fix: [.init(command: "general", note: ""), .init(command: nil, note: "in words")], counters: [],
            related: [],
            narrower: [], locations: [], refinements: [], returns: [], unansweredRequests: [], alternatives: [])
        let writer = AdviceWriter(values: ["dev": "eth0"])
        #expect(writer.advice(of: cause).map(\.command) == ["general", nil])
        let advice = writer.advice(of: cause, remedies: [.init(command: "special {dev}", note: "")])
        #expect(advice.map(\.command) == ["special eth0", nil])
        #expect(advice.map(\.note) == ["", "in words"])
    }

    @Test func namesThatOthersChoseCannotBecomeCommands() throws {
        #expect(try step("pgrep {comm}") == #"pgrep 'x'\''; rm -rf ~'"#)
    }
}
