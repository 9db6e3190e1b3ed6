import Diagnosis
import NetfilterRules
import Protocols

/// Describes a rule or policy as the culprit, with the commands of its tool that show and undo it.
struct RuleCulprit {
    let evidence: Evidence
    let family: HookFamily
    let detour: BridgeDetour?

    func culprit(_ suspect: Suspect) -> Culprit {
        var culprit =
            switch suspect.culprit {
            case .rule(let rule): self.culprit(rule)
            case .policy(let chain): self.culprit(chain)
            }
        let path = ([suspect.baseChain.chain] + suspect.trail.map(\.target)).joined(separator: " → ")
        culprit.values["hook"] = suspect.hook.rawValue
        culprit.details.insert("hook \(suspect.hook.rawValue), by chain \(path)", at: 0)
        if suspect.wasRemoved {
            culprit.details.append("it was there before the packet came, and is not any more: the rules changed since")
            culprit.remedies = [
                Cause.Step(command: nil, note: "nothing, if the change was meant to let the packet in: send it again")
            ]
        }
        if let detour {
            culprit.details.append(detour.detail)
            if !suspect.wasRemoved { culprit.remedies.append(detour.fix) }
        }
        return culprit
    }

    private func culprit(_ rule: RuleReference) -> Culprit {
        let chain = rule.chain
        let handle = rule.handle.map { " # handle \($0)" } ?? ""
        var culprit = Culprit(
            kind: chain.source == .nftables ? "nft-rule" : "iptables-rule",
            name: "\(name(of: chain)): \(rule.text)\(handle)", values: values(of: chain))
        culprit.values["handle"] = rule.handle.map(String.init)
        culprit.remedies = [
            Cause.Step(command: rule.deleteCommand, note: "remove the rule, if it is wrong", isLiteral: true)
        ]
        if let match = RuleMatch(evidence, chain, family) {
            culprit.remedies.append(
                Cause.Step(
                    command: rule.acceptCommand(match.words), note: "or let this traffic in before the rule",
                    isLiteral: true))
        }
        return culprit
    }

    private func culprit(_ chain: ChainReference) -> Culprit {
        var culprit = Culprit(
            kind: "chain-policy", name: "\(name(of: chain)): policy drop", details: ["no rule let it in"],
            values: values(of: chain))
        if let match = RuleMatch(evidence, chain, family) {
            culprit.remedies.append(
                Cause.Step(command: chain.acceptCommand(match.words), note: "let this traffic in", isLiteral: true))
        }
        culprit.remedies.append(
            Cause.Step(command: chain.policyCommand, note: "or let everything in that no rule drops", isLiteral: true))
        return culprit
    }

    private func name(of chain: ChainReference) -> String {
        "\(chain.source.rawValue) \(chain.family) \(chain.table) \(chain.chain)"
    }

    private func values(of chain: ChainReference) -> [String: String] {
        ["table": "\(chain.family) \(chain.table)", "chain": chain.chain]
    }
}

/// The arguments that match a packet's flow, in the syntax of the chain's tool.
struct RuleMatch {
    let words: String

    /// Returns nil if no arguments can match the packet in that chain.
    init?(_ evidence: Evidence, _ chain: ChainReference, _ family: HookFamily) {
        guard family != .arp, let source = evidence.sourceAddress, let destination = evidence.destinationAddress else {
            return nil
        }
        let transport = evidence.transport
        let port = evidence.ports?.destination
        if chain.source == .nftables {
            let network = evidence.isIPv6 ? "ip6" : "ip"
            words =
                "\(network) saddr \(source) \(network) daddr \(destination)"
                + (transport.flatMap { name in port.map { " \(name) dport \($0)" } } ?? "")
        } else {
            words =
                "-s \(source) -d \(destination)"
                + (transport.flatMap { name in port.map { " -p \(name) --dport \($0)" } } ?? "")
        }
    }
}
