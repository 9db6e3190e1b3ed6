/// A query that only the kernel's set can answer: `ipset test NAME ENTRY`.
public struct IPSetQuestion: Hashable, Sendable {
    public var set: String
    public var entry: String
}

/// `-m set --match-set NAME src,dst` (net/netfilter/xt_set.c).
struct IPSetMembership: Equatable, Sendable {
    var set: String
    /// For each dimension of the set, whether it is matched with the packet's source.
    var fromSource: [Bool]

    func evaluate(in context: RuleContext) -> Ternary {
        guard let question = question(in: context), let isMember = context.crossing.setAnswers[question] else {
            return .unknown(["what was in the set '\(set)'"])
        }
        return Ternary(isMember)
    }

    /// Returns nil if fields of the packet are missing, or if the set's type is not known here.
    func question(in context: RuleContext) -> IPSetQuestion? {
        guard let type = context.setTypes[set], let colon = type.firstIndex(of: ":") else { return nil }
        var parts: [String] = []
        var protocolName: String?
        for (index, dimension) in type[type.index(after: colon)...].split(separator: ",").enumerated() {
            guard index < fromSource.count else { return nil }
            switch dimension {
            case "ip", "net":
                guard let address = address(isSource: fromSource[index], in: context) else { return nil }
                parts.append(address)
            case "port":
                guard let port = port(isSource: fromSource[index], in: context) else { return nil }
                protocolName = port.name
                parts.append(type == "bitmap:port" ? "\(port.number)" : "\(port.name):\(port.number)")
            default: return nil
            }
        }
        guard type != "bitmap:port" || protocolName == "tcp" || protocolName == "udp" else { return nil }
        return IPSetQuestion(set: set, entry: parts.joined(separator: ","))
    }

    private func number(_ name: String, _ field: String, in context: RuleContext) -> UInt128? {
        guard let field = NftablesFields.payload(protocol: name, field: field)?.field,
            case .known(.number(let number)) = context.read(field)
        else { return nil }
        return number
    }

    private func address(isSource: Bool, in context: RuleContext) -> String? {
        let version = context.packet.version
        guard let number = number(version == 6 ? "ip6" : "ip", isSource ? "saddr" : "daddr", in: context) else {
            return nil
        }
        return version == 6
            ? stride(from: 112, through: 0, by: -16)
                .map { String(UInt16(truncatingIfNeeded: number >> UInt128($0)), radix: 16) }.joined(separator: ":")
            : stride(from: 24, through: 0, by: -8)
                .map { String(UInt8(truncatingIfNeeded: number >> UInt128($0))) }.joined(separator: ".")
    }

    private func port(isSource: Bool, in context: RuleContext) -> (name: String, number: UInt128)? {
        let names: [UInt128: String] = [6: "tcp", 17: "udp", 132: "sctp", 136: "udplite"]
        guard case .known(.number(let transport)) = context.read(.transportProtocol), let name = names[transport],
            let number = number(name, isSource ? "sport" : "dport", in: context)
        else { return nil }
        return (name, number)
    }
}

extension Ruleset {
    /// Queries that must be answered before the packet can be followed through the rules.
    public func setQuestions(for crossing: HookCrossing) -> Set<IPSetQuestion> {
        guard !setTypes.isEmpty else { return [] }
        let context = RuleContext(crossing: crossing, in: self)
        var questions: Set<IPSetQuestion> = []
        for step in tables.flatMap(\.chains.values).flatMap(\.rules).flatMap(\.steps) {
            guard case .condition(let condition) = step else { continue }
            for membership in condition.memberships {
                if let question = membership.question(in: context) { questions.insert(question) }
            }
        }
        return questions
    }

    /// Parses the types of sets, by name, from the output of `ipset list -t`.
    static func types(inSets text: String) -> [String: String] {
        var types: [String: String] = [:]
        var name: String?
        for line in text.split(separator: "\n") {
            if line.hasPrefix("Name: ") { name = String(line.dropFirst(6)) }
            if line.hasPrefix("Type: "), let name { types[name] = String(line.dropFirst(6)) }
        }
        return types
    }
}

extension Condition {
    fileprivate var memberships: [IPSetMembership] {
        switch self {
        case .ipset(let membership): [membership]
        case .not(let condition): condition.memberships
        case .all(let conditions), .any(let conditions): conditions.flatMap(\.memberships)
        default: []
        }
    }
}
