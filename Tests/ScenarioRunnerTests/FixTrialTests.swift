import Testing

@testable import ScenarioRunner

/// The command of a verdict that is tried, and the condition for success.
@Suite struct FixTrialTests {
    private func object(_ text: String) -> [String: JSONValue] { JSONValue(line: text)?.object ?? [:] }

    @Test(arguments: [
        (#"[{"for": "check", "run": "ip link"}, {"for": "fix", "run": "ip link set dev a up", "note": "n"}]"#, true),
        (#"[{"for": "fix", "note": "in words"}, {"for": "fix", "run": "ip link set dev a up"}]"#, true),
        (#"[{"for": "fix", "run": "ip route add <daddr> via <nexthop>"}]"#, false),
        (#"[{"for": "fix", "note": "in words"}]"#, false), ("[]", false),
    ])
    func theFirstFixThatIsACommandIsTried(advice: String, isTried: Bool) {
        let command = FixTrial.firstFix(of: object(#"{"advice": \#(advice)}"#))
        #expect(command == (isTried ? "ip link set dev a up" : nil))
    }

    @Test func onlyWhatBeganAfterTheFixCounts() {
        func context(_ time: Int) -> String { #"{"type": "context", "events": [{"ts": \#(time)}]}"# }
        let trace = Trace(contexts: [object(context(7)), object(context(9))])
        #expect(trace.since(8).sequence.events.count == 1)
        #expect(trace.since(7).sequence.events.count == 2)
    }
}
