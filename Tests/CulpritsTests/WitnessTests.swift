import Culprits
import Diagnosis
import Testing

/// tracers.json and the finders agree.
@Suite struct WitnessTests {
    @Test func everyCauseOfASilenceHasAFinderThatCanProveIt() throws {
        var evidence = Evidence.datagram()
        evidence.unanswered = .tcpSyn
        for cause in try CauseCatalog.embedded().causes where !cause.unansweredRequests.isEmpty {
            #expect(CulpritFinders().knows(cause.slug), "\(cause.slug)")
            let answer = CulpritFinders().answer(to: evidence, cause: cause.slug, in: FakeNamespace())
            #expect(doubt(answer) != "nothing shows that the packet was lost", "\(cause.slug)")
        }
    }

    @Test func everyOtherCauseOfTheSameEvidenceHasAFinder() throws {
        for slug in try CauseCatalog.embedded().causes.flatMap(\.alternatives) {
            #expect(CulpritFinders().knows(slug), "\(slug)")
        }
    }
}
