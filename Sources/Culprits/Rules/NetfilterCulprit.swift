import Diagnosis
import NetfilterRules
import Protocols

/// The rule, or the chain's policy, that ended a packet.
struct NetfilterCulprit: CulpritFinder {
    static let causes: Set = ["netfilter-drop", "nfqueue", "synproxy", "conntrack-invalid"]

    let hooks: NetfilterHookTable

    func answer(
        to evidence: Evidence, cause: String, in namespace: any NamespaceView
    ) throws(InspectionFailure) -> CulpritAnswer {
        guard !evidence.bytes.isEmpty, let family = hooks.family(of: evidence) else {
            return .unknown(because: "the packet's headers were not captured")
        }
        let possible = hooks.possible(evidence)
        let inquest = try RulesetInspection(evidence, in: namespace)
        var findings = Findings()
        for hook in possible {
            let crossing = HookCrossing(evidence, hook, family, by: hooks, in: namespace)
            findings.add(inquest.answer(for: crossing), lacking: inquest.problems(for: crossing.engine))
        }
        if findings.suspects.isEmpty, let doubt = untracedBridge(evidence, in: namespace) {
            return .unknown(because: doubt)
        }
        return conclude(
            findings, possible,
            RuleCulprit(
                evidence: evidence, family: family,
                detour: hooks.isBridged(evidence) ? BridgeDetour(evidence, in: namespace) : nil),
            hasEarlier: inquest.hasEarlier)
    }

    private func untracedBridge(_ evidence: Evidence, in namespace: any NamespaceView) -> String? {
        guard hooks.isDeviceHookGuessed(evidence), let port = evidence.inDevice?.name,
            let link = (try? namespace.networkLink(port)) ?? nil, link.portKind == "bridge",
            let bridge = link.master
        else { return nil }
        return
            "\(port) is a port of \(bridge), whose functions are not traced: start nettrace after the bridge's module is "
            + "loaded, and it knows the hook"
    }

    /// The combined answers of all hooks that come into question.
    private struct Findings {
        var suspects: [Suspect] = []
        var doubts: Set<String> = []
        var haveChanged = false

        mutating func add(_ answer: Answer, lacking problems: [String]) {
            if !problems.isEmpty {
                doubts.insert("rules that could not be listed: " + problems.joined(separator: "; "))
            }
            switch answer {
            case .culprit(let suspect): suspects.append(suspect)
            case .candidates(let found, let because):
                suspects += found
                doubts.formUnion(because)
            case .changed(let found):
                suspects += found
                haveChanged = true
            case .nothing: break
            }
        }
    }

    private func conclude(
        _ findings: Findings, _ hooks: [NetfilterHook], _ describe: RuleCulprit, hasEarlier: Bool
    ) -> CulpritAnswer {
        let suspects = findings.suspects
        let doubts = findings.doubts.sorted().joined(separator: "; ")
        if findings.haveChanged {
            let changed = "the rules changed since the packet was dropped, and which of them it met is not known"
            return suspects.isEmpty
                ? .unknown(because: changed) : .oneOf(suspects.map(describe.culprit), because: changed)
        }
        if suspects.count == 1, doubts.isEmpty { return .found(describe.culprit(suspects[0])) }
        guard suspects.isEmpty else {
            return .oneOf(suspects.map(describe.culprit), because: doubts.isEmpty ? "the hook is not known" : doubts)
        }
        guard doubts.isEmpty else { return .unknown(because: doubts) }
        let place = hooks.map(\.rawValue).joined(separator: " or ")
        return .unknown(
            because: hasEarlier
                ? "no rule drops it at \(place), neither now nor before the packet came: something else that sits at this "
                    + "hook did it, or a rule that was there for a moment only"
                : "no rule that is there now drops it at \(place): the rules changed since, or something else that sits at "
                    + "this hook did it")
    }
}

extension HookCrossing {
    fileprivate init(
        _ evidence: Evidence, _ hook: NetfilterHook, _ family: HookFamily, by table: NetfilterHookTable,
        in namespace: any NamespaceView
    ) {
        let isOut = [.output, .postrouting, .forward, .egress].contains(hook)
        let isBridged = table.isBridged(evidence)
        // Rules see the bridge as the device if the bridge passes its packets through them (brnf_get_logical_dev).
        let bridge = isBridged ? HookCrossing.bridge(of: evidence, in: namespace) : nil
        self.init(
            hook: hook, family: family, packet: evidence.bytes, length: max(evidence.bytes.count, Int(evidence.length)),
            etherType: evidence.etherType, input: isBridged ? bridge : evidence.inDevice?.name,
            output: isOut ? (isBridged ? bridge : evidence.device?.name) : nil, mark: evidence.mark,
            engine: table.engine(of: evidence),
            endedInQueue: evidence.function.map(table.queues.contains) == true ? true : nil,
            timestamp: evidence.time == 0 ? nil : evidence.time)
        self.isBridged = isBridged
        isTrackable = TrackablePacket.isTrackable(evidence)
        if let socket = evidence.socket {
            sender = SocketOwner(
                user: socket.user,
                group: socket.inode.flatMap { inode in
                    evidence.process.flatMap { namespace.group(ofSocket: inode, process: $0.pid) }
                })
        }
        if let frame = evidence.packet?.ethernet {
            link = (UInt128(frame.source.bits), UInt128(frame.destination.bits))
        }
    }

    private static func bridge(of evidence: Evidence, in namespace: any NamespaceView) -> String? {
        guard let device = evidence.inDevice ?? evidence.device,
            let link = (try? namespace.networkLink(device.name)) ?? nil
        else { return nil }
        return link.kind == "bridge" ? link.ifname : link.master
    }
}
