import Diagnosis
import Netlink
import Protocols

/// The decision of a namespace's policy rules and routing tables for a packet, evaluated in the kernel's order
/// (net/core/fib_rules.c, fib_rules_lookup).
struct RoutingPolicy {
    enum Decision: Equatable {
        /// A rule that refuses by itself: prohibit, blackhole or unreachable.
        case refused(RoutingRule, Route.Kind)
        /// The route, and the rule that selects its table.
        case route(Route, RoutingRule)
        /// No selected table has a route.
        case nothing
        /// A rule depends on something that is not known here.
        case unclear
    }

    let rules: [RoutingRule]
    /// All routes that cover the packet's destination.
    let routes: [Route]

    func decision(for flow: RoutedFlow) -> Decision {
        for rule in rules {
            let selector = RuleSelector(rule: rule)
            guard let isFor = selector.matches(flow) else { return .unclear }
            guard isFor else { continue }
            if let how = selector.refusal { return .refused(rule, how) }
            if rule.action == .nop { continue }
            guard rule.action == .table, rule.table != 0 else { return .unclear }
            guard let best = best(in: rule.table), best.kind != .throw,
                best.destination.length > selector.suppressedLength
            else { continue }
            return .route(best, rule)
        }
        return .nothing
    }

    /// The longest prefix. Of equal ones the first counts, which has the lowest metric.
    private func best(in table: UInt32) -> Route? {
        var best: Route?
        for route in routes where route.table == table {
            if best.map({ route.destination.length > $0.destination.length }) ?? true { best = route }
        }
        return best
    }
}
