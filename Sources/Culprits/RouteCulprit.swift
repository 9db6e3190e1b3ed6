import Diagnosis

/// The route or policy rule that refuses a destination; where there is none, what the table lacks.
struct RouteCulprit: CulpritFinder {
    static let causes: Set = ["no-route-in", "no-route-out", "route-blackhole", "route-prohibit"]
    /// Of a packet that was received and whose answer finds no route.
    static let witnessed: Set = ["no-route-out"]

    private static let refusals: Set = ["blackhole", "unreachable", "prohibit"]

    /// What refuses for a cause; none where there simply is no route.
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
        // A question that finds no way back is dropped there, without a reason (icmpv6_echo_reply, net/ipv6/icmp.c).
        if evidence.silence != nil || evidence.function == "icmpv6_rcv" {
            return try ofUnansweredPacket(evidence, cause, namespace)
        }
        if cause == "route-prohibit", evidence.reason?.hasSuffix("NOROUTES") == true, !isProhibition(evidence) {
            return .unknown(because: "the kernel says that there is no route, not that one forbids")
        }
        if !evidence.hasTellingReason, let other = doubt(cause, evidence, namespace) { return .unknown(because: other) }
        return try refusal(of: RoutedFlow(evidence), cause, namespace)
    }

    /// A listener or ICMP has taken the packet, and the answer had nowhere to go.
    private func ofUnansweredPacket(
        _ evidence: Evidence, _ cause: String, _ namespace: any NamespaceView
    ) throws(InspectionFailure) -> CulpritAnswer {
        let unanswered = try UnansweredPacket(evidence, in: namespace)
        var answer = CulpritAnswer.none
        // One question for all of them: most packets have an answer, and asking takes a program each time.
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
        // Rules come first; with both at hand it takes the kernel to say which it was.
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

    /// Some places are the end of packets in both directions (ip6_pkt_drop, net/ipv6/route.c), or of all that a machine
    /// does not forward, whatever its routes (ip_error, net/ipv4/route.c).
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

    /// For IPv6 the same reason stands for both, but not the same function.
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
