import Diagnosis
import Netlink
import Protocols

/// The route or policy rule that refuses a destination; if there is none, the route that is missing.
struct RouteCulprit: CulpritFinder {
    static let causes: Set = ["no-route-in", "no-route-out", "route-blackhole", "route-prohibit"]
    /// Applies to a received packet whose answer has no route.
    static let witnessed: Set = ["no-route-out"]

    private static let refusals: Set<Route.Kind> = [.blackhole, .unreachable, .prohibit]

    /// Types of routes and rules that refuse packets for a cause.
    private static func refusals(of cause: String) -> Set<Route.Kind> {
        switch cause {
        case "route-blackhole": [.blackhole]
        case "route-prohibit": [.prohibit]
        default: [.unreachable]
        }
    }

    func answer(
        to evidence: Evidence, cause: String, in namespace: any NamespaceView
    ) throws(InspectionFailure) -> CulpritAnswer {
        // An echo request whose reply has no route is freed in this function, without a reason (icmpv6_echo_reply,
        // net/ipv6/icmp.c).
        if evidence.unanswered != nil || evidence.function == "icmpv6_rcv" {
            return try ofUnansweredPacket(evidence, cause, namespace)
        }
        if cause == "route-prohibit", evidence.reason?.hasSuffix("NOROUTES") == true, !isProhibition(evidence) {
            return .unknown(because: "the kernel says that there is no route, not that one forbids")
        }
        if !evidence.hasTellingReason, let other = doubt(cause, evidence, namespace) { return .unknown(because: other) }
        return try refusal(of: RoutedFlow(evidence), cause, namespace)
    }

    /// A listener or ICMP has received the packet, but the answer has no route.
    private func ofUnansweredPacket(
        _ evidence: Evidence, _ cause: String, _ namespace: any NamespaceView
    ) throws(InspectionFailure) -> CulpritAnswer {
        let unanswered = try UnansweredPacket(evidence, in: namespace)
        var answer = CulpritAnswer.none
        // One cause covers all three kinds of refusal: most answers have a route, and each further cause would have to
        // run the commands that show it.
        for refuser in [cause, "route-blackhole", "route-prohibit"] {
            answer = try refusal(of: unanswered.answer, refuser, namespace)
            if case .found = answer { break }
        }
        guard case .found(var culprit) = answer else {
            return .unknown(because: "the routes do not explain it by now")
        }
        culprit.details.insert("the packet arrived, and its answer cannot be sent", at: 0)
        culprit.values.merge(unanswered.values) { own, _ in own }
        if culprit.remedies.isEmpty { culprit.remedies = unanswered.remedies }
        return .found(culprit)
    }

    private func refusal(
        of flow: RoutedFlow, _ cause: String, _ namespace: any NamespaceView
    ) throws(InspectionFailure) -> CulpritAnswer {
        guard let destination = flow.destination, let address = IPAddress(destination) else {
            return .unknown(because: "the packet's destination was not captured")
        }
        let rules = try namespace.all(RoutingRules(isIPv6: flow.isIPv6))
        let own = Self.refusals(of: cause)
        let refusing = rules.filter { rule in
            let selector = RuleSelector(rule: rule)
            return selector.refusal.map(own.contains) == true && selector.matches(flow) != false
        }
        let matching = try namespace.all(CoveringRoutes(of: address))
        let refused = matching.filter { $0.kind.map(own.contains) == true }
        let text = RouteText(namespace)
        switch RoutingPolicy(rules: rules, routes: matching).decision(for: flow) {
        case .refused(let rule, let how) where own.contains(how):
            return .found(.policyRule(text.text(rule), covering: destination))
        case .route(let route, let rule) where route.kind.map(own.contains) == true:
            return .found(.route(text.text(route), covering: destination, selectedBy: text.text(rule)))
        case .refused, .route:
            return .unknown(
                because: "the routes to \(destination) do not explain it by now; they may have changed since")
        case .nothing, .unclear: break
        }
        // Policy rules are evaluated before routes; if both kinds refuse, only the kernel can decide which one did.
        if refusing.isEmpty, let longest = refused.map(\.destination.length).max(),
            let best = refused.first(where: { $0.destination.length == longest }),
            refused.filter({ $0.destination.length == longest }).count == 1,
            longest > self.longest(matching, otherThan: own)
        {
            return .found(.route(text.text(best), covering: destination))
        }
        let suspects =
            refusing.map { Culprit.policyRule(text.text($0), covering: destination) }
            + refused.map { Culprit.route(text.text($0), covering: destination) }
        if suspects.count == 1, refused.isEmpty {
            return .found(suspects[0])
        }
        guard suspects.isEmpty else {
            return .oneOf(
                suspects, because: "'ip route get \(destination) from … iif …' shows which, on the machine itself")
        }
        let isRefusal = cause == "route-blackhole" || cause == "route-prohibit"
        let others = Self.refusals.subtracting(own)
        guard !isRefusal, !matching.contains(where: { $0.kind.map(others.contains) == true }),
            !rules.contains(where: { RuleSelector(rule: $0).refusal.map(others.contains) == true }),
            try namespace.route(to: destination) == nil
        else {
            return .unknown(
                because: "the routes to \(destination) do not explain it by now; they may have changed since")
        }
        return .found(
            Culprit(
                kind: "routing-table", name: "no route to \(destination)",
                details: [
                    matching.contains { $0.kind == .unicast && $0.destination.length == 0 }
                        ? "the default route is in a table that no rule selects for this packet"
                        : "there is no default route either"
                ]))
    }

    /// Returns the reason to doubt the cause. Some functions free packets of both directions (ip6_pkt_drop,
    /// net/ipv6/route.c), or all packets that a machine does not forward, regardless of its routes (ip_error,
    /// net/ipv4/route.c).
    private func doubt(_ cause: String, _ evidence: Evidence, _ namespace: any NamespaceView) -> String? {
        switch evidence.function {
        case "ip6_pkt_drop":
            if cause == "route-prohibit", !isProhibition(evidence) { return "the trace shows no prohibition" }
            if cause == "no-route-in", evidence.inDevice == nil { return "the packet was made here" }
            return cause == "no-route-out" && evidence.inDevice != nil ? "the packet came in by a device" : nil
        case "ip_error":
            guard let device = evidence.inDevice?.name else { return nil }
            return namespace.sysctl("net/ipv4/conf/\(device)/forwarding") == "0" ? "\(device) does not forward" : nil
        default: return nil
        }
    }

    /// IPv6 has one reason for a missing and for a prohibiting route, but two functions.
    private func isProhibition(_ evidence: Evidence) -> Bool {
        (evidence.trail + [evidence.function ?? ""]).contains { $0.hasPrefix("ip6_pkt_prohibit") }
    }

    private func longest(_ routes: [Route], otherThan own: Set<Route.Kind>) -> Int {
        routes.filter { $0.kind.map(own.contains) != true }.map(\.destination.length).max() ?? -1
    }
}
