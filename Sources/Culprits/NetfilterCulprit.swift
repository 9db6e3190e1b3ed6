import Diagnosis
import HostInspection
import NetfilterRules
import PacketDecoding

/// The very rule, or the chain's policy, that ended a packet.
struct NetfilterCulprit: CulpritFinder {
    static let causes: Set = ["netfilter-drop", "nfqueue", "synproxy", "conntrack-invalid"]

    func answer(
        to evidence: Evidence, cause: String, in namespace: any NamespaceView
    ) throws(InspectionFailure) -> CulpritAnswer {
        guard let netns = evidence.netns else {
            return .unknown(because: "the trace does not show the network namespace")
        }
        guard !evidence.bytes.isEmpty, let family = HookPlace.family(of: evidence) else {
            return .unknown(because: "the packet's headers were not captured")
        }
        let hooks = HookPlace.possible(evidence)
        var suspects: [Suspect] = []
        var reasons: [String] = []
        do throws(InspectionError) {
            let inquest = try NetfilterInquest(namespace: UInt64(netns))
            for hook in hooks {
                switch try inquest.culprit(of: crossing(hook, family, evidence)).answer {
                case .culprit(let suspect): suspects.append(suspect)
                case .candidates(let found, let because):
                    suspects += found
                    reasons += because
                case .nothing: continue
                }
            }
        } catch {
            throw InspectionFailure("\(error)")
        }
        return conclude(suspects, reasons, hooks)
    }

    private func conclude(_ suspects: [Suspect], _ reasons: [String], _ hooks: [NetfilterHook]) -> CulpritAnswer {
        let because = Set(reasons).sorted().joined(separator: "; ")
        if suspects.count == 1, reasons.isEmpty { return .found(culprit(suspects[0])) }
        if suspects.isEmpty {
            return .unknown(
                because: reasons.isEmpty
                    ? "no rule that is there now drops it at \(hooks.map(\.rawValue).joined(separator: " or ")): the rules "
                        + "have changed since, or something else that sits at this hook did it"
                    : because)
        }
        return .oneOf(suspects.map(culprit), because: reasons.isEmpty ? "the hook is not known" : because)
    }

    private func culprit(_ suspect: Suspect) -> Culprit {
        let base = suspect.baseChain
        let way = ([base.chain] + suspect.trail.map(\.target)).joined(separator: " → ")
        var values = ["hook": suspect.hook.rawValue]
        switch suspect.culprit {
        case .rule(let rule):
            values["table"] = "\(rule.chain.family) \(rule.chain.table)"
            values["chain"] = rule.chain.chain
            values["handle"] = rule.handle.map(String.init)
            if rule.chain.source != .nftables { values["rule"] = rule.text.replacing("-A ", with: "") }
            let handle = rule.handle.map { " # handle \($0)" } ?? ""
            return Culprit(
                kind: rule.chain.source == .nftables ? "nft-rule" : "iptables-rule",
                name: "\(rule.chain.source.rawValue) \(rule.chain.family) \(rule.chain.table) \(rule.chain.chain): "
                    + rule.text + handle,
                details: ["hook \(suspect.hook.rawValue), by chain \(way)", "to remove it: \(rule.deleteCommand)"],
                values: values)
        case .policy(let chain):
            values["table"] = "\(chain.family) \(chain.table)"
            values["chain"] = chain.chain
            return Culprit(
                kind: "chain-policy",
                name: "\(chain.source.rawValue) \(chain.family) \(chain.table) \(chain.chain): policy drop",
                details: ["hook \(suspect.hook.rawValue): no rule let it in", "to see it: \(chain.listCommand)"],
                values: values)
        }
    }

    private func crossing(_ hook: NetfilterHook, _ family: HookFamily, _ evidence: Evidence) -> HookCrossing {
        let isOut = [.output, .postrouting, .forward, .egress].contains(hook)
        return HookCrossing(
            hook: hook, family: family, packet: evidence.bytes, length: max(evidence.bytes.count, Int(evidence.length)),
            etherType: evidence.etherType,
            input: evidence.inDevice?.name, output: isOut ? evidence.device?.name : nil,
            mark: evidence.mark == 0 ? nil : evidence.mark, engine: HookPlace.engine(of: evidence),
            endedInQueue: evidence.function.map(HookPlace.queues.contains) == true ? true : nil)
    }
}
