/// The outputs of the tools for one network namespace; nil if a tool was not run, or has nothing to list.
public struct RulesetListings: Sendable {
    /// `nft -j list ruleset`
    public var nftablesJSON: String?
    /// `nft -a list ruleset`
    public var nftablesText: String?
    /// `iptables-nft-save -c` and `ip6tables-nft-save -c`. Without them the listing of nft is used, which shows few matches of
    /// iptables-nft.
    public var iptablesNft: String?
    public var ip6tablesNft: String?
    /// `iptables-legacy-save -c`, `ip6tables-legacy-save -c`
    public var iptablesLegacy: String?
    public var ip6tablesLegacy: String?
    /// `ipset list -t`, if rules refer to such sets.
    public var ipsets: String?
    /// /proc/net/fib_trie and /proc/net/if_inet6: the local addresses of the namespace.
    public var fibTrie: String?
    public var interfaceAddresses6: String?
    /// CLOCK_MONOTONIC in nanoseconds, before the first listing began and after the last one was complete.
    public var begunAt: UInt64?
    public var completeAt: UInt64?
    /// Generation of the nf_tables rules; nil if not known, or if it changed during the listing.
    public var generation: UInt32?
    /// Traffic counters at the beginning of the listing.
    public var traffic: TrafficCount?

    public init() {}
}

/// The netfilter rules of one network namespace.
public struct Ruleset: Sendable {
    private(set) var tables: [Table]
    let sets: [NamedSet.Key: NamedSet]
    /// Types of ipset's sets by name.
    let setTypes: [String: String]
    let addressTypes: AddressTypes
    let begunAt: UInt64?
    let completeAt: UInt64?
    let generation: UInt32?
    private(set) var traffic: TrafficCount?

    public init(_ listings: RulesetListings) throws(RulesetError) {
        var tables: [Table] = []
        var sets: [NamedSet.Key: NamedSet] = [:]
        if let json = listings.nftablesJSON {
            let listing = try NftablesListing(json: json, text: listings.nftablesText)
            tables = listing.tables.values.sorted { ($0.family, $0.name) < ($1.family, $1.name) }
            sets = listing.sets
        }
        for (text, family) in [(listings.iptablesNft, "ip"), (listings.ip6tablesNft, "ip6")] {
            guard let text else { continue }
            let saved = try XtablesListing(text, family: family, source: .iptablesNft).tables
            for index in tables.indices where tables[index].family == family {
                guard let table = saved[tables[index].name] else { continue }
                tables[index].adopt(rulesOf: table)
            }
            // Without nft's listing the default hooks and priorities of the chains are assumed.
            if listings.nftablesJSON == nil { tables += saved.values }
        }
        for (text, family) in [(listings.iptablesLegacy, "ip"), (listings.ip6tablesLegacy, "ip6")] {
            guard let text else { continue }
            tables += try XtablesListing(text, family: family, source: .iptablesLegacy).tables.values
        }
        self.tables = tables
        self.sets = sets
        setTypes = listings.ipsets.map(Self.types) ?? [:]
        addressTypes = AddressTypes(fibTrie: listings.fibTrie, interfaceAddresses6: listings.interfaceAddresses6)
        begunAt = listings.begunAt
        completeAt = listings.completeAt
        generation = listings.generation
        traffic = listings.traffic
    }

    /// The same rules at a later time: traffic counters are those of `later`, and quota use is unknown.
    func at(_ later: Ruleset) -> Ruleset {
        var ruleset = self
        ruleset.traffic = later.traffic
        for index in tables.indices {
            for name in tables[index].chains.keys {
                ruleset.tables[index].chains[name]?.rules = tables[index].chains[name]?.rules.map(\.withoutUse) ?? []
            }
        }
        return ruleset
    }

    func chain(_ reference: ChainReference) -> Chain? {
        tables.first { $0.source == reference.source && $0.family == reference.family && $0.name == reference.table }?
            .chains[reference.chain]
    }
}

extension Table {
    func reference(of chain: Chain) -> ChainReference {
        ChainReference(source: source, family: family, table: name, chain: chain.name)
    }

    /// Replaces the rules with those of iptables-nft-save, keeping nft's handles, if both list the same number; otherwise keeps
    /// nft's listing.
    fileprivate mutating func adopt(rulesOf saved: Table) {
        let agrees = chains.values.allSatisfy { saved.chains[$0.name]?.rules.count == $0.rules.count }
        guard agrees else { return }
        source = .iptablesNft
        for name in chains.keys {
            let handles = chains[name]?.rules.map(\.reference.handle) ?? []
            chains[name]?.rules = zip(saved.chains[name]?.rules ?? [], handles).map { rule, handle in
                var rule = rule
                rule.reference.handle = handle
                return rule
            }
        }
    }
}
