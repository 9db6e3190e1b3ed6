/// The tables in the output of `nft -j list ruleset`.
struct NftablesListing {
    private(set) var tables: [NamedSet.Key: Table] = [:]
    private(set) var sets: [NamedSet.Key: NamedSet] = [:]

    /// - Parameters:
    ///   - json: the output of `nft -j list ruleset`.
    ///   - text: the output of `nft -a list ruleset`, which has the rules in nft's own syntax; without it rules are
    ///     shown by their handle only.
    init(json: String, text: String?) throws(RulesetError) {
        guard let objects = try JSONParser.parse(json)["nftables"]?.array else {
            throw .notNftables("the list 'nftables' is missing")
        }
        let texts = NftablesText(text ?? "")
        var filled: Set<NamedSet.Key> = []
        let limits = NftablesLimits(objects)
        for object in objects {
            guard let (name, value) = object.onlyMember else { throw .notNftables("an object without a kind") }
            switch name {
            case "table": try addTable(value)
            case "chain": try addChain(value)
            case "rule": try addRule(value, texts, limits, &filled)
            case "set", "map": try addSet(value)
            default: continue
            }
        }
        // nft 1.0 omits the flag `dynamic`, so that the rules determine which sets are filled by packets.
        for key in filled { sets[key]?.changes = true }
    }

    private static func tableKey(_ family: String, _ name: String) -> NamedSet.Key {
        NamedSet.Key(family: family, table: name, name: "")
    }

    private func text(_ json: JSONValue, _ member: String) throws(RulesetError) -> String {
        guard let text = json[member]?.string else { throw .notNftables("'\(member)' is missing") }
        return text
    }

    private mutating func addTable(_ json: JSONValue) throws(RulesetError) {
        let family = try text(json, "family")
        let name = try text(json, "name")
        // Dormant tables are listed but not attached to hooks.
        if json["flags"]?.list.contains(.string("dormant")) == true { return }
        tables[Self.tableKey(family, name)] = Table(source: .nftables, family: family, name: name)
    }

    private mutating func addChain(_ json: JSONValue) throws(RulesetError) {
        let key = Self.tableKey(try text(json, "family"), try text(json, "table"))
        let name = try text(json, "name")
        var chain = Chain(name: name)
        if let hookName = json["hook"]?.string {
            guard let hook = NetfilterHook(rawValue: hookName), let priority = json["prio"]?.number else {
                throw .notNftables("the hook '\(hookName)' of chain '\(name)'")
            }
            chain.hook = ChainHook(
                hook: hook, priority: Int(priority), policyDrops: json["policy"]?.string == "drop",
                devices: json["dev"]?.list.compactMap(\.string) ?? [], isNAT: json["type"]?.string == "nat")
        }
        tables[key]?.chains[name] = chain
    }

    private mutating func addRule(
        _ json: JSONValue, _ texts: NftablesText, _ limits: NftablesLimits, _ filled: inout Set<NamedSet.Key>
    ) throws(RulesetError) {
        let family = try text(json, "family")
        let table = try text(json, "table")
        let chain = try text(json, "chain")
        let expressions = NftablesExpressions(family: family, table: table)
        let statements = NftablesStatements(expressions: expressions, limits: limits)
        let handle = json["handle"]?.number.flatMap(UInt64.init(exactly:))
        let chainReference = ChainReference(source: .nftables, family: family, table: table, chain: chain)
        var rule = Rule(
            reference: RuleReference(chain: chainReference, handle: handle, text: ""), steps: [], packets: nil)
        rule.reference.text =
            handle.flatMap { texts[chainReference, $0] } ?? "rule with handle \(handle.map(String.init) ?? "?")"
        for statement in json["expr"]?.list ?? [] {
            rule.steps += statements.steps(statement)
            if let count = statement["counter"]?["packets"]?.number { rule.packets = UInt64(exactly: count) }
            if let set = (statement["set"]?["set"] ?? statement["map"]?["map"])?.string {
                filled.insert(.init(family: family, table: table, name: String(set.drop { $0 == "@" })))
            }
        }
        tables[Self.tableKey(family, table)]?.chains[chain]?.rules.append(rule)
    }

    private mutating func addSet(_ json: JSONValue) throws(RulesetError) {
        let family = try text(json, "family")
        let table = try text(json, "table")
        let key = NamedSet.Key(family: family, table: table, name: try text(json, "name"))
        let expressions = NftablesExpressions(family: family, table: table)
        let kinds: [NftablesSymbols.Kind]
        if let typed = json["type"]?["typeof"] {
            kinds = expressions.operand(typed).kinds
        } else {
            kinds = json["type"]?.list.map { Self.kind($0.string ?? "") } ?? [.opaque]
        }
        let flags = json["flags"]?.list.compactMap(\.string) ?? []
        sets[key] = NamedSet(
            key: key,
            elements: NftablesStatements(expressions: expressions).elements(json["elem"] ?? .array([]), kinds),
            changes: flags.contains("dynamic") || flags.contains("timeout") || json["timeout"] != nil,
            expires: flags.contains("timeout") || json["timeout"] != nil, size: json["size"]?.number.map(Int.init))
    }

    private static func kind(_ type: String) -> NftablesSymbols.Kind {
        switch type {
        case "ipv4_addr": .ipv4
        case "ipv6_addr": .ipv6
        case "ether_addr": .ethernet
        case "inet_proto": .transportProtocol
        case "inet_service", "mark", "integer": .number
        case "ifname": .name
        case "iface_index": .name
        case "ether_type": .etherType
        case "nf_proto", "nfproto": .networkFamily
        case "icmp_type": .icmpType
        case "icmp_code": .icmpCode
        case "icmpv6_type": .icmp6Type
        case "icmpv6_code": .icmp6Code
        case "tcp_flag": .tcpFlags
        case "dscp": .dscp
        case "ct_state": .connectionState
        case "ct_dir": .connectionDirection
        case "arp_op": .arpOperation
        case "fib_addrtype": .addressType
        default: .opaque
        }
    }
}
