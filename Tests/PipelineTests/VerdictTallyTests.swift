import Testing

@testable import Diagnosis
@testable import Pipeline

/// Many losses by one fault give one verdict with a count.
@Suite struct VerdictTallyTests {
    private func verdict(_ culprit: CulpritAnswer, netns: UInt32 = 1, reason: String = "NO_SOCKET") -> Verdict {
        var evidence = Evidence(event: 0, skb: 1)
        evidence.netns = netns
        evidence.reason = reason
        return Verdict(evidence: evidence, cause: nil, proof: .reason, culprit: culprit, advice: [])
    }

    private func socket(_ port: Int) -> CulpritAnswer { .found(Culprit(kind: "socket", name: "port \(port)")) }

    @Test func oneKindAndCulpritIsOneFinding() {
        var findings = VerdictTally()
        for time in 0..<4512 {
            let entry = findings.add(verdict(socket(53)), at: UInt64(time) * 200_000)
            #expect(entry.count == UInt64(time + 1) && entry.isKnown == (time > 0) && entry.isOfBurst == (time > 0))
        }
        findings.addHealthy()
        #expect(findings.findings.map(\.packets) == [4512])
        #expect(findings.findings.map(\.culprit) == ["port 53"])
        #expect(findings.judged == 4513 && findings.packets == 4512 && findings.unasked == 0)
    }

    @Test func anotherCulpritNamespaceOrReasonIsAnotherFinding() {
        var findings = VerdictTally()
        let different = [
            verdict(socket(53)), verdict(socket(54)), verdict(socket(53), netns: 2), verdict(socket(53), reason: "X"),
            verdict(.unknown(because: "no time")), verdict(.oneOf([], because: "")),
        ]
        for verdict in different + different { _ = findings.add(verdict, at: 0) }
        #expect(findings.findings.map(\.packets) == [2, 2, 2, 2, 2, 2])
    }

    @Test func aBurstEndsInSilence() {
        var findings = VerdictTally()
        let times: [UInt64] = [0, 100_000_000, 300_000_000, 700_000_000]
        let entries = times.map { findings.add(verdict(socket(53)), at: $0) }
        #expect(entries.map(\.isOfBurst) == [false, true, true, false])
        #expect(entries.map(\.isKnown) == [false, true, true, true])
    }

    @Test func kindsAreBounded() {
        var findings = VerdictTally()
        for port in 0..<10_000 { _ = findings.add(verdict(socket(port)), at: 0, isUnasked: port >= 9_990) }
        #expect(findings.findings.count <= 4097 && findings.packets == 10_000 && findings.unasked == 10)
    }
}
