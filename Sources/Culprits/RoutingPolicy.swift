import Diagnosis
import Protocols

/// The decision of a namespace's policy rules and routing tables for a packet, evaluated in the kernel's order
/// (net/core/fib_rules.c, fib_rules_lookup).
struct RoutingPolicy {
    enum Decision: Equatable {
        /// A rule that refuses by itself: "prohibit", "blackhole" or "unreachable".
        case refused(rule: String, how: String)
        /// The route, and the rule that selects its table.
        case route(String, type: String, rule: String)
        /// No selected table has a route.
        case nothing
        /// A rule depends on something that is not known here.
        case unclear
    }

    /// Lines of `ip rule show`.
    let rules: [String]
    /// Lines of `ip route show table all`.
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

    /// The longest prefix. Of equal ones the first counts, which has the lowest metric.
    private func best(in table: String, for destination: String) -> Prefix? {
        var best: Prefix?
        for route in routes where route.table == table && route.contains(destination) {
            if best.map({ route.length > $0.length }) ?? true { best = route }
        }
        return best
    }
}

extension Prefix {
    /// The routing table of the line; lines of the main table do not name it.
    var table: String { text.split(separator: " ").word(after: "table") ?? "main" }
}
