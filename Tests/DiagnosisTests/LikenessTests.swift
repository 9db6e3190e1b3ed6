import Testing

@testable import Diagnosis

/// Losses that share a verdict.
@Suite struct LikenessTests {
    private func likeness(waited: UInt64?) -> Likeness {
        var evidence = Evidence(event: 1, skb: 1)
        evidence.function = "inet_frag_rbtree_purge"
        evidence.waited = waited
        let own = Conclusion(evidence: evidence, cause: nil, proof: .none)
        return Likeness(Examination(losses: [.init(own: own, isExpected: false, isMissed: false)]))
    }

    @Test func fragmentsThatWaitedLongAreUnlikeThoseThatDidNot() {
        #expect(likeness(waited: 30_000_000_000) != likeness(waited: 2_000_000))
        #expect(likeness(waited: 1_000_000) == likeness(waited: 2_000_000))
    }
}
