import NetfilterRules
import Testing

/// Compares NetfilterRules with the kernel, for every recorded rule set and packet.
struct DifferentialTests {
    /// The worst defect: a wrong culprit.
    @Test(arguments: RecordedCase.all)
    func `No answer contradicts the kernel`(recorded: RecordedCase) throws {
        let ruleset = try Ruleset(recorded.listings)
        for packet in recorded.packets where packet.arrived && !recorded.isHeldBack(packet) {
            let answer = ruleset.culprit(of: recorded.crossing(packet))
            if packet.passed {
                #expect(answer.culprit == nil, "\(packet.name) passed: \(answer)")
                continue
            }
            check(answer, packet)
            check(ruleset.culprit(of: recorded.crossing(packet, engine: engine(of: packet))), packet)
        }
    }

    private func check(_ answer: Answer, _ packet: RecordedCase.Packet) {
        // Some rules of nft have no counter, such as those with verdict maps.
        let isTrue = { (suspect: Suspect) in
            suspect.isPolicy || packet.rules.contains(suspect.key!)
                || !suspect.text.contains("counter") && suspect.key!.hasPrefix("nft")
        }
        switch answer {
        case .culprit(let suspect): #expect(isTrue(suspect), "\(packet.name): \(suspect), but grew \(packet.rules)")
        case .candidates(let suspects, _), .changed(let suspects):
            #expect(suspects.contains(where: isTrue), "\(packet.name): \(suspects), but grew \(packet.rules)")
        case .nothing: Issue.record("\(packet.name) was dropped, and nothing is suspected; grew \(packet.rules)")
        }
        // A rule that drops and has counted the packet is the one that dropped it; then no policy did.
        let dropped = answer.suspects.filter { !$0.isPolicy && packet.rules.contains($0.key!) && $0.ending == .drop }
        if let culprit = answer.culprit, culprit.isPolicy { #expect(dropped.isEmpty) }
    }

    private func engine(of packet: RecordedCase.Packet) -> RuleEngine? {
        packet.rules.contains { $0.hasPrefix("legacy") } ? .xtables : nil
    }

    /// Candidates are for undecidable cases; in all others the culprit must be named.
    @Test func `Most drops have one culprit`() throws {
        var named = 0
        var dropped = 0
        for recorded in RecordedCase.all {
            let ruleset = try Ruleset(recorded.listings)
            for packet in recorded.packets where packet.arrived && !packet.passed && !recorded.isHeldBack(packet) {
                dropped += 1
                if ruleset.culprit(of: recorded.crossing(packet)).culprit != nil { named += 1 }
            }
        }
        #expect(RecordedCase.all.count > 45)
        #expect(dropped > 400)
        #expect(named * 100 > dropped * 60, "\(named) of \(dropped)")
    }
}

extension Suspect {
    fileprivate var text: String {
        if case .rule(let rule) = culprit { rule.text } else { "" }
    }
}
