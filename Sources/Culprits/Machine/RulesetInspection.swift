import Diagnosis
import NetfilterRules

/// Finds the netfilter rule that ended a packet, from the current and the earlier rules of its namespace.
///
/// Listing the rules takes about 20 to 100 ms and up to a few seconds: use one inspection per kind of drop, not per packet.
struct RulesetInspection {
    private let namespace: any NamespaceView
    private let now: Ruleset
    private let before: Ruleset?
    private let problems: [(engine: RuleEngine, because: String)]

    /// Whether there is a listing from before the end of the packet.
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

    /// Listing failures that make the answer incomplete. If the trace shows the engine that gave the verdict, failures of the
    /// other engine do not matter.
    func problems(for engine: RuleEngine?) -> [String] {
        problems.filter { engine == nil || engine == $0.engine }.map(\.because)
    }

    func answer(for crossing: HookCrossing) -> Answer {
        var crossing = crossing
        for question in now.setQuestions(for: crossing) { crossing.setAnswers[question] = isMember(question) }
        return now.culprit(of: crossing, before: before)
    }

    /// ipset(8) exits with status 1 both for an entry that is not in the set and for one that it does not understand.
    private func isMember(_ question: IPSetQuestion) -> Bool? {
        do throws(InspectionFailure) {
            _ = try namespace.output(of: ["ipset", "test", question.set, question.entry])
            return true
        } catch {
            return error.description.contains("is NOT in set") ? false : nil
        }
    }
}
