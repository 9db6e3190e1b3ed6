/// Compares nettrace's output about a fault's packet with the fault file.
struct FaultCheck {
    let fault: Fault
    let program: Program
    let kernel: KernelVersion

    /// Expectations that are not met yet; waiting may help.
    func shortcomings(in trace: Trace) -> [String] {
        guard let verdict = fault.verdict else { return [] }
        let losses = Self.losses(in: trace)
        var problems: [String] = []
        let wanted = fault.drop.filter { $0.kernels?.holds(for: kernel) ?? true }
        for loss in wanted where !losses.contains(where: { loss.isMet(by: $0) }) {
            problems.append("no drop is \(loss)")
        }
        if let ends = fault.ends, !trace.sequence.events.contains(where: { Self.ends($0, ends.texts) }) {
            problems.append("no packet ended as \(ends.texts.joined(separator: "|"))")
        }
        if wanted.isEmpty && fault.ends == nil && losses.isEmpty { problems.append("nothing was dropped") }
        if program.showsReturns {
            for pattern in fault.returns where pattern.applies(to: kernel) && !returns(pattern, in: trace) {
                problems.append("nothing returned \(JSONValue.object(pattern.fields))")
            }
        }
        let verdicts = Self.verdicts(in: trace)
        if program.diagnoses, !verdict.isOpen, verdict.kernels?.holds(for: kernel) ?? true,
            !verdicts.contains(where: { verdict.isMet(by: $0) })
        {
            problems.append("no verdict is \(verdict); given: \(JSONValue.array(verdicts.map { .object($0) }))")
        }
        return problems
    }

    /// Output that must not be there: losses of healthy packets, and every verdict that the file does not name.
    func excess(in trace: Trace) -> [String] {
        let verdicts = verdictsNotNamed(in: trace)
        guard fault.verdict == nil else { return verdicts }
        let wanted = fault.drop.filter { $0.kernels?.holds(for: kernel) ?? true }
        let losses = Self.losses(in: trace).filter { loss in !loss.isNormal && !wanted.contains { $0.isMet(by: loss) } }
        return losses.map { "a healthy packet was dropped: \($0)" } + verdicts
    }

    /// Each such verdict once, with a description of its packet.
    private func verdictsNotNamed(in trace: Trace) -> [String] {
        let named = ([fault.verdict].compactMap(\.self) + fault.also).filter { $0.kernels?.holds(for: kernel) ?? true }
        let kind = fault.verdict == nil ? "a verdict on a healthy packet" : "a verdict that the file does not name"
        return trace.sequence.events.reduce(into: []) { problems, context in
            guard let verdict = context["verdict"]?.object, !named.contains(where: { $0.isMet(by: verdict) }) else {
                return
            }
            let told = Self.members(of: verdict, ["severity", "cause", "culprit", "suspects", "doubt", "evidence"])
            let packet = Self.members(
                of: context["events"]?.array?.first?.object ?? [:],
                ["tracer", "ifname", "l4", "saddr", "daddr", "sport", "dport", "icmp", "arp", "eth"])
            let problem = "\(kind): \(told), of the packet \(packet)"
            if !problems.contains(problem) { problems.append(problem) }
        }
    }

    private static func members(of object: [String: JSONValue], _ keys: Set<String>) -> JSONValue {
        .object(object.filter { keys.contains($0.key) })
    }

    /// The distinct losses and causes, for the line of the result.
    func facts(in trace: Trace) -> String {
        var seen: [String] = []
        for loss in Self.losses(in: trace) where !seen.contains(loss.description) { seen.append(loss.description) }
        for verdict in Self.verdicts(in: trace) {
            if let cause = verdict["cause"]?.string, !seen.contains(cause) { seen.append(cause) }
        }
        let facts = seen.joined(separator: ", ")
        return fault.verdict?.isOpen == true
            ? facts + "; the verdict is open: \(fault.verdict?.description ?? "")" : facts
    }

    private func returns(_ pattern: Pattern, in trace: Trace) -> Bool {
        Self.events(in: trace).contains { event in
            var aliases: [String: JSONValue] = [:]
            return pattern.matches(event, aliases: &aliases)
        }
    }

    private static func ends(_ context: [String: JSONValue], _ ways: [String]) -> Bool {
        context["end"]?.object?["how"]?.string.map { ways.contains($0) } ?? false
    }

    private static func events(in trace: Trace) -> [[String: JSONValue]] {
        trace.sequence.events.flatMap { $0["events"]?.array?.compactMap(\.object) ?? [$0] }
    }

    private static func verdicts(in trace: Trace) -> [[String: JSONValue]] {
        trace.sequence.events.compactMap { $0["verdict"]?.object }
    }

    private static func losses(in trace: Trace) -> [SeenLoss] {
        events(in: trace).compactMap { event in
            event["drop"]?.object.map { drop in
                SeenLoss(
                    reason: drop["reason"]?.string,
                    function: String((drop["location"]?.string ?? "").prefix { $0 != "+" && $0 != "." }),
                    isNormal: drop["normal"] == .bool(true))
            }
        }
    }
}

/// A drop as nettrace showed it.
struct SeenLoss: CustomStringConvertible {
    /// nil on kernels without reasons.
    let reason: String?
    /// Without the offset and the compiler's suffixes (`.constprop.0`).
    let function: String
    /// The kernel frees packets of this kind there in normal operation.
    let isNormal: Bool

    var description: String { "\(reason ?? "no reason") at \(function)" }
}

extension Fault.Loss: CustomStringConvertible {
    func isMet(by seen: SeenLoss) -> Bool {
        (reason?.texts.contains(seen.reason ?? "") ?? true) && (location?.texts.contains(seen.function) ?? true)
    }

    var description: String {
        "\(reason?.texts.joined(separator: "|") ?? "any reason") at \(location?.texts.joined(separator: "|") ?? "any place")"
    }
}

extension Fault.Verdict: CustomStringConvertible {
    func isMet(by seen: [String: JSONValue]) -> Bool {
        guard let given = seen["cause"]?.string, cause.texts.contains(given) else { return false }
        let named = seen["culprit"].map { $0.string ?? $0.description } ?? ""
        return culprit?.texts.allSatisfy { named.contains($0) } ?? true
    }

    var description: String {
        cause.texts.joined(separator: "|")
            + (culprit.map { " with the culprit \($0.texts.joined(separator: " … "))" } ?? "")
    }
}
