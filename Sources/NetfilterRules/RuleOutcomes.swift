/// The possible results of one rule for a packet.
struct RuleOutcomes {
    /// Each possible verdict, with the unknown conditions on which it depends.
    private(set) var verdicts: [(verdict: Verdict, unknowns: [String])] = []
    /// Whether the packet may continue with the next rule.
    var mayPass = false

    /// - Parameter markIsFinal: no later rule can change the mark, so that it is the mark at the packet's end.
    init(_ rule: Rule, in context: inout RuleContext, isReachedForSure: Bool, markIsFinal: Bool) {
        var unknowns: [String] = []
        var contradicts = false
        let lastChange = rule.steps.lastIndex { if case .effect(.setMark) = $0 { true } else { false } } ?? -1
        for (index, step) in rule.steps.enumerated() {
            if index > lastChange, markIsFinal, let mark = context.markAtEnd { context.mark = MarkBits(mark) }
            switch step {
            case .condition(let condition):
                switch condition.evaluate(in: context) {
                case .yes: continue
                case .no:
                    verdicts = []
                    mayPass = true
                    return
                case .unknown(let reasons):
                    unknowns += reasons
                    mayPass = true
                }
                if index > lastChange, !markIsFinal {
                    contradicts = contradicts || context.endsDifferently(from: condition)
                }
            case .effect(.setMark(let change)):
                let changed = context.mark.changed(by: change)
                context.mark = isReachedForSure && unknowns.isEmpty ? changed : context.mark.joined(with: changed)
            case .effect(.change): continue
            case .verdict(let verdict):
                if contradicts, Ending(verdict) != nil {
                    mayPass = true
                    return
                }
                verdicts.append((verdict, unknowns))
                return
            case .verdictMap(let operand, let map):
                guard lookUp(operand, map, in: context, unknowns) else {
                    mayPass = true
                    return
                }
                // A map's verdict ends the rule; only `continue` and values that are not in the map proceed.
                return
            }
        }
        mayPass = true
    }

    /// Whether the map has, or may have, a verdict for the packet.
    private mutating func lookUp(
        _ operand: Operand, _ map: VerdictMap, in context: RuleContext, _ unknowns: [String]
    ) -> Bool {
        var elements: [NamedSet.Element]
        var unknowns = unknowns
        switch map {
        case .elements(let list): elements = list
        case .named(let key):
            guard let set = context.sets[key] else {
                verdicts.append((.opaque("the map @\(key.name)"), unknowns))
                return true
            }
            elements = set.elements
            if set.changes {
                unknowns.append("what was in the map @\(key.name) at that time")
                verdicts.append((.opaque("the map @\(key.name)"), unknowns))
                mayPass = true
            }
        }
        // The catch-all element is evaluated last.
        elements = elements.filter { $0.pattern != .any } + elements.filter { $0.pattern == .any }
        let value: Value
        switch operand.read(in: context) {
        case .absent: return false
        case .unknown(let what):
            if case .field(.connectionState) = operand, context.isTracked {
                elements.removeAll { $0.pattern == .invalidConnection }
            }
            for element in elements { verdicts.append((element.givenVerdict, unknowns + [what])) }
            mayPass = true
            return true
        case .known(let known): value = known
        }
        for element in elements {
            let verdict = element.givenVerdict
            switch element.pattern.matches(value) {
            case .no: continue
            case .yes:
                if !unknowns.isEmpty { mayPass = true }
                verdicts.append((verdict, unknowns))
                return true
            case .unknown(let reasons):
                unknowns += reasons
                verdicts.append((verdict, unknowns))
            }
        }
        mayPass = true
        return true
    }
}

extension RuleContext {
    /// Whether the mark at the packet's end excludes that it ended by a rule with this condition.
    fileprivate func endsDifferently(from condition: Condition) -> Bool {
        guard let markAtEnd else { return false }
        var end = self
        end.mark = MarkBits(markAtEnd)
        return condition.evaluate(in: end) == .no
    }
}

extension NamedSet.Element {
    /// A missing verdict may be any.
    fileprivate var givenVerdict: Verdict { verdict ?? .opaque("a verdict of a map") }
}
