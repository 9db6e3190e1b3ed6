import Diagnosis
import Protocols

/// A connection could not be entered into the conntrack table because an equal entry existed. The usual reason is a
/// source NAT rule with too few ports to choose from.
struct ConnectionClashCulprit: CulpritFinder {
    static let causes: Set = ["conntrack-insert-failed"]

    let hooks: NetfilterHookTable

    func answer(
        to evidence: Evidence, cause: String, in namespace: any NamespaceView
    ) throws(InspectionFailure) -> CulpritAnswer {
        // Since 6.7 the rule itself frees the packet that it drops, not the caller of the hook.
        guard hooks.engine(of: evidence) == nil else { return .unknown(because: "a rule dropped it") }
        // net/netfilter/nf_conntrack_standalone.c, ct_cpu_seq_show
        guard let failed = CPUCounters(namespace.file("stat/nf_conntrack"))?.sum("insert_failed"), failed > 0 else {
            return .unknown(because: "connection tracking counts no entry that failed")
        }
        let rules = Self.rules(try namespace.output(of: ["nft", "-a", "list", "ruleset"]))
            .filter { $0.fits(evidence) }
        let culprits = rules.map { rule in
            Culprit(
                kind: "nft-rule", name: "nft \(rule.table) \(rule.chain): \(rule.text)",
                details: [
                    "it leaves few source ports to choose from, and another connection has them",
                    "\(failed) connections could not be entered so far (insert_failed)",
                ],
                values: ["table": rule.table, "chain": rule.chain, "handle": rule.handle, "hook": "postrouting"])
        }
        switch culprits.count {
        case 0: return .unknown(because: "no rule of source NAT limits the ports: two packets raced for one entry")
        case 1: return .found(culprits[0])
        default: return .oneOf(culprits, because: "each of them limits the source ports of such packets")
        }
    }

    /// A source NAT rule with a range of source ports.
    struct PortRule: Equatable {
        var table: String
        var chain: String
        var text: String
        var handle: String

        /// False only if the rule's text excludes the packet.
        func fits(_ evidence: Evidence) -> Bool {
            let words = text.split(separator: " ").map(String.init)
            for transport in ["tcp", "udp"] where words.contains(transport) && transport != evidence.transport {
                return false
            }
            guard let ports = evidence.ports, let wanted = words.word(after: "dport").flatMap({ UInt16($0) }) else {
                return true
            }
            return wanted == ports.destination
        }
    }

    /// The rules of a listing whose snat or masquerade names ports.
    static func rules(_ listing: String) -> [PortRule] {
        var rules: [PortRule] = []
        var table = ""
        var chain = ""
        for line in listing.split(separator: "\n") {
            let words = line.split { $0 == " " || $0 == "\t" }.map(String.init)
            if words.first == "table", words.count > 2 { table = "\(words[1]) \(words[2])" }
            if words.first == "chain", words.count > 1 { chain = words[1] }
            guard let start = words.firstIndex(where: { ["snat", "masquerade"].contains($0) }),
                let mark = words.lastIndex(of: "#"), mark > start, mark + 2 < words.count,
                words[start..<mark].contains(where: {
                    $0.contains(":") && $0.last?.isNumber == true && !$0.hasSuffix("]")
                })
            else { continue }
            rules.append(
                PortRule(table: table, chain: chain, text: words.joined(separator: " "), handle: words[mark + 2]))
        }
        return rules
    }
}
