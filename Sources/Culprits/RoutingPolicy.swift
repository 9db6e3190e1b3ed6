import Diagnosis
import PacketDecoding

/// What the policy rules and routing tables of a namespace decide for a packet, gone through as the kernel does
/// (net/core/fib_rules.c, fib_rules_lookup).
struct RoutingPolicy {
    enum Decision: Equatable {
        /// A rule refuses by itself: "prohibit", "blackhole" or "unreachable".
        case refused(rule: String, how: String)
        /// The route, and the rule that selects its table.
        case route(String, type: String, rule: String)
        /// No table that is asked has a route.
        case nothing
        /// A rule looks at what is not known here.
        case unclear
    }

    /// Lines of `ip rule show`.
    let rules: [String]
    /// Of `ip route show table all`.
    let routes: [Prefix]

    private static let refusals: Set = ["blackhole", "unreachable", "prohibit"]

    func decision(for flow: RoutedFlow) -> Decision {
        guard let destination = flow.destination else { return .unclear }
        for rule in rules {
            let selector = RuleSelector(rule: rule)
            guard let isFor = selector.matches(flow) else { return .unclear }
            guard isFor else { continue }
            if let how = selector.action, Self.refusals.contains(how) { return .refused(rule: rule, how: how) }
            guard let table = selector.table else {
                if selector.action == "nop" { continue }
                return .unclear
            }
            guard let best = best(in: table, for: destination), best.type != "throw",
                best.length > selector.suppressedLength
            else { continue }
            return .route(best.text, type: best.type, rule: rule)
        }
        return .nothing
    }

    /// The longest prefix, and of equals the one with the least metric, which is listed first.
    private func best(in table: String, for destination: String) -> Prefix? {
        var best: Prefix?
        for route in routes where route.table == table && route.contains(destination) {
            if best.map({ route.length > $0.length }) ?? true { best = route }
        }
        return best
    }
}

extension Prefix {
    /// The routing table that the line stands in; lines of the main table do not name it.
    var table: String { text.split(separator: " ").word(after: "table") ?? "main" }
}
