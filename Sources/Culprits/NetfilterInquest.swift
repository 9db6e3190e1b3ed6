import Diagnosis
import NetfilterRules

/// Finds out which netfilter rule ended a packet, by the rules of its namespace as they are now and as they were before.
///
/// Listing the rules takes some 20 to 100 ms and up to a few seconds; ask once per kind of drop, not per packet.
struct NetfilterInquest {
    private let namespace: any NamespaceView
    private let now: Ruleset
    private let before: Ruleset?
    private let problems: [(engine: RuleEngine, because: String)]

    /// Whether the rules were listed before the packet's end, too.
    var hasEarlier: Bool { before != nil }

    init(_ evidence: Evidence, in namespace: any NamespaceView) throws(InspectionFailure) {
        self.namespace = namespace
        let collector = RulesetCollector(namespace)
        problems = collector.problems
        if problems.isEmpty { namespace.keep(collector.listings) }
        do throws(RulesetError) {
            now = try Ruleset(collector.listings)
            before = try namespace.earlierRules(before: evidence.time).map { listings throws(RulesetError) in
                try Ruleset(listings)
            }
        } catch {
            throw InspectionFailure("\(error)")
        }
    }

    /// What keeps the answer from being complete, unless the trace saw that another engine gave the verdict.
    func problems(for engine: RuleEngine?) -> [String] {
        problems.filter { engine == nil || engine == $0.engine }.map(\.because)
    }

    func answer(for crossing: HookCrossing) -> Answer {
        var crossing = crossing
        for question in now.setQuestions(for: crossing) { crossing.setAnswers[question] = isMember(question) }
        return now.culprit(of: crossing, before: before)
    }

    /// ipset(8) ends with status 1 both for what is not in the set and for what it does not understand.
    private func isMember(_ question: IPSetQuestion) -> Bool? {
        do throws(InspectionFailure) {
            _ = try namespace.output(of: ["ipset", "test", question.set, question.entry])
            return true
        } catch {
            return error.description.contains("is NOT in set") ? false : nil
        }
    }
}
