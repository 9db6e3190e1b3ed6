import NetfilterRules

/// Lists all netfilter rules of a namespace. Skips tools whose part of the kernel is not in use, since running them would load
/// its module.
struct RulesetCollector {
    private(set) var listings = RulesetListings()
    /// Listings that failed, with the engine concerned.
    private(set) var problems: [(engine: RuleEngine, because: String)] = []

    /// Tables that iptables-nft creates (iptables' nft.c).
    private static let iptablesTables: Set<String> = ["filter", "nat", "mangle", "raw", "security"]

    init(_ namespace: any NamespaceView) {
        listings.begunAt = namespace.now
        listings.traffic = TrafficCounters(namespace).counts
        if namespace.mayUse(module: "nf_tables") {
            let generation = namespace.rulesGeneration()
            collectNftables(namespace)
            if namespace.rulesGeneration() == generation { listings.generation = generation }
        }
        collectLegacy(namespace)
        let saved = [
            listings.iptablesNft, listings.ip6tablesNft, listings.iptablesLegacy, listings.ip6tablesLegacy,
        ]
        if saved.contains(where: { $0?.contains("--match-set") == true }) {
            listings.ipsets = try? namespace.output(of: ["ipset", "list", "-t"])
        }
        listings.fibTrie = namespace.file("fib_trie")
        listings.interfaceAddresses6 = namespace.file("if_inet6")
        listings.completeAt = namespace.now
    }

    private mutating func collectNftables(_ namespace: any NamespaceView) {
        listings.nftablesJSON = output(.nftables, namespace, ["nft", "-j", "list", "ruleset"])
        listings.nftablesText = output(.nftables, namespace, ["nft", "-a", "list", "ruleset"])
        guard let text = listings.nftablesText else { return }
        // iptables-nft refuses tables that nft created, or shows little of them; for those the output of nft counts.
        let tables = text.split(separator: "\n").filter { $0.hasPrefix("table ") }.map { $0.split(separator: " ") }
        let families = tables.filter { $0.count > 2 && Self.iptablesTables.contains(String($0[2])) }.map { $0[1] }
        if families.contains("ip") { listings.iptablesNft = saved(namespace, "iptables") }
        if families.contains("ip6") { listings.ip6tablesNft = saved(namespace, "ip6tables") }
    }

    private mutating func collectLegacy(_ namespace: any NamespaceView) {
        for (names, tool) in [("ip_tables_names", "iptables"), ("ip6_tables_names", "ip6tables")] {
            // The file lists the tables in use; without the module it does not exist.
            guard namespace.file(names)?.isEmpty == false else { continue }
            let text: String?
            if let own = try? namespace.output(of: ["\(tool)-legacy-save", "-c"]) {
                text = own
            } else if isNft(namespace, tool) == false {
                text = output(.xtables, namespace, ["\(tool)-save", "-c"])
            } else {
                text = output(.xtables, namespace, ["\(tool)-legacy-save", "-c"])
            }
            if tool == "iptables" { listings.iptablesLegacy = text } else { listings.ip6tablesLegacy = text }
        }
    }

    /// No problem is noted if this fails, since nft shows these rules too, if less well.
    private func saved(_ namespace: any NamespaceView, _ tool: String) -> String? {
        if let own = try? namespace.output(of: ["\(tool)-nft-save", "-c"]) { return own }
        return isNft(namespace, tool) == true ? try? namespace.output(of: ["\(tool)-save", "-c"]) : nil
    }

    /// Whether the plain tool works on nf_tables, by its version: "iptables-save v1.8.9 (nf_tables)"; nil if the tool is
    /// missing.
    private func isNft(_ namespace: any NamespaceView, _ tool: String) -> Bool? {
        (try? namespace.output(of: ["\(tool)-save", "-V"]))?.contains("nf_tables")
    }

    private mutating func output(_ engine: RuleEngine, _ namespace: any NamespaceView, _ command: [String]) -> String? {
        do throws(InspectionFailure) {
            return try namespace.output(of: command)
        } catch {
            problems.append((engine, error.description))
            return nil
        }
    }
}
