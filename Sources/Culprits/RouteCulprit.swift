import Diagnosis

/// The route or policy rule that refuses a destination; if there is none, the route that is missing.
struct RouteCulprit: CulpritFinder {
    static let causes: Set = ["no-route-in", "no-route-out", "route-blackhole", "route-prohibit"]
    /// Applies to a received packet whose answer has no route.
    static let witnessed: Set = ["no-route-out"]

    private static let refusals: Set = ["blackhole", "unreachable", "prohibit"]

    /// Types of routes and rules that refuse packets for a cause.
    private static func refusals(of cause: String) -> Set<String> {
        switch cause {
        case "route-blackhole": ["blackhole"]
        case "route-prohibit": ["prohibit"]
        default: ["unreachable"]
        }
    }

    func answer(
        to evidence: Evidence, cause: String, in namespace: any NamespaceView
    ) throws(InspectionFailure) -> CulpritAnswer {
        // An echo request whose reply has no route is freed in this function, without a reason (icmpv6_echo_reply,
        // net/ipv6/icmp.c).
        if evidence.silence != nil || evidence.function == "icmpv6_rcv" {
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
        guard let destination = flow.destination else {
            return .unknown(because: "the packet's destination was not captured")
        }
        let family = flow.isIPv6 ? "-6" : "-4"
        let rules = try lines(of: ["ip", family, "rule", "show"], in: namespace)
        let own = Self.refusals(of: cause)
        let refusing = rules.filter { rule in
            own.contains { rule.hasSuffix(" " + $0) } && RuleSelector(rule: rule).matches(flow) != false
        }
        let routes = try lines(of: ["ip", family, "route", "show", "table", "all"], in: namespace)
        let matching = routes.compactMap { Prefix(route: $0) }.filter { $0.contains(destination) }
        let refused = matching.filter { own.contains($0.type) }
        switch RoutingPolicy(rules: rules, routes: routes.compactMap { Prefix(route: $0) }).decision(for: flow) {
        case .refused(let rule, let how) where own.contains(how):
            return .found(.policyRule(rule, covering: destination))
        case .route(let route, let type, let rule) where own.contains(type):
            return .found(.route(route, covering: destination, selectedBy: rule))
        case .refused, .route:
            return .unknown(
                because: "the routes to \(destination) do not explain it by now; they may have changed since")
        case .nothing, .unclear: break
        }
        // Policy rules are evaluated before routes; if both kinds refuse, only the kernel can decide which one did.
        if refusing.isEmpty, let best = refused.max(by: { $0.length < $1.length }),
            refused.filter({ $0.length == best.length }).count == 1, best.length > longest(matching, otherThan: own)
        {
            return .found(.route(best.text, covering: destination))
        }
        let suspects =
            refusing.map { Culprit.policyRule($0, covering: destination) }
            + refused.map { Culprit.route($0.text, covering: destination) }
        if suspects.count == 1, refused.isEmpty {
            return .found(suspects[0])
        }
        guard suspects.isEmpty else {
            return .oneOf(
                suspects, because: "'ip route get \(destination) from … iif …' tells which, on the machine itself")
        }
        let isRefusal = cause == "route-blackhole" || cause == "route-prohibit"
        let others = Self.refusals.subtracting(own)
        guard !isRefusal, !matching.contains(where: { others.contains($0.type) }),
            !rules.contains(where: { rule in others.contains { rule.hasSuffix(" " + $0) } }),
            try namespace.route(to: destination) == nil
        else {
            return .unknown(
                because: "the routes to \(destination) do not explain it by now; they may have changed since")
        }
        return .found(
            Culprit(
                kind: "routing-table", name: "no route to \(destination)",
                details: [
                    routes.contains { $0.hasPrefix("default ") }
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

    private func longest(_ routes: [Prefix], otherThan own: Set<String>) -> Int {
        routes.filter { !own.contains($0.type) }.map(\.length).max() ?? -1
    }

    private func lines(of command: [String], in namespace: any NamespaceView) throws(InspectionFailure) -> [String] {
        try namespace.output(of: command).split(separator: "\n").map { line in
            String(line.reversed().drop { $0 == " " }.reversed())
        }
    }
}
