/// What one rule may do with a packet.
struct RuleOutcomes {
    /// Each verdict that is possible, and what is unknown about its being given.
    private(set) var verdicts: [(verdict: Verdict, unknowns: [String])] = []
    /// Whether the packet may go on to the next rule.
    var mayPass = false

    init(_ rule: Rule, in scene: inout Scene, isReachedForSure: Bool) {
        var unknowns: [String] = []
        for step in rule.steps {
            switch step {
            case .condition(let condition):
                switch condition.evaluate(in: scene) {
                case .yes: continue
                case .no:
                    verdicts = []
                    mayPass = true
                    return
                case .unknown(let reasons):
                    unknowns += reasons
                    mayPass = true
                }
            case .effect(.setMark(let mark)):
                scene.mark = isReachedForSure && unknowns.isEmpty ? mark : nil
            case .effect(.change): continue
            case .verdict(let verdict):
                verdicts.append((verdict, unknowns))
                return
            case .verdictMap(let operand, let map):
                guard lookUp(operand, map, in: scene, unknowns) else {
                    mayPass = true
                    return
                }
                // A map's verdict ends the rule; only `continue` and what is not in the map go on.
                return
            }
        }
        mayPass = true
    }

    /// Whether the map has, or may have, a verdict for the packet.
    private mutating func lookUp(
        _ operand: Operand, _ map: VerdictMap, in scene: Scene, _ unknowns: [String]
    ) -> Bool {
        var elements: [NamedSet.Element]
        var unknowns = unknowns
        switch map {
        case .elements(let list): elements = list
        case .named(let key):
            guard let set = scene.sets[key] else {
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
        // What matches everything else is looked at last.
        elements = elements.filter { $0.pattern != .any } + elements.filter { $0.pattern == .any }
        let value: Value
        switch operand.read(in: scene) {
        case .absent: return false
        case .unknown(let what):
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

extension NamedSet.Element {
    /// A verdict that is not known here may be any.
    fileprivate var givenVerdict: Verdict { verdict ?? .opaque("a verdict of a map") }
}
