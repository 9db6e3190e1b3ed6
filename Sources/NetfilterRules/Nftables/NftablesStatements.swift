/// Converts statements of libnftables-json(5) to the steps of a rule.
struct NftablesStatements {
    let expressions: NftablesExpressions
    var limits = NftablesLimits()

    /// - Parameter json: one element of a rule's `expr`. Old versions of nft print null for statements that they cannot
    ///   show.
    func steps(_ json: JSONValue) -> [Step] {
        guard let (name, value) = json.onlyMember else {
            return [.verdict(.opaque("an extension that nft cannot show"))]
        }
        if let verdict = verdict(name, value) { return [.verdict(verdict)] }
        switch name {
        case "match": return [.condition(expressions.condition(value))]
        case "vmap": return verdictMap(value)
        case "mangle": return [.effect(effect(value))]
        case "counter", "log", "notrack", "dup", "ct helper", "ct timeout", "ct expectation", "secmark", "last":
            return []
        case "xt": return [extensionStep(value)]
        case "synproxy": return synproxy()
        case "limit": return [.condition(limits.rate(value, in: expressions))]
        case "quota": return [.condition(limits.quota(value, in: expressions))]
        case "ct count": return [.condition(.unknown("the number of connections (ct count)"))]
        case "set", "map", "meter": return filling(value, name)
        case "flow": return [.condition(.unknown("a flowtable"))]
        case "tproxy": return [.condition(.unknown("a socket for tproxy"))]
        default: return [.verdict(.opaque(name))]
        }
    }

    private func verdict(_ name: String, _ value: JSONValue) -> Verdict? {
        switch name {
        case "accept": .accept
        case "drop": .drop
        case "continue": .continue
        case "return": .return
        case "jump": value["target"]?.string.map(Verdict.jump)
        case "goto": value["target"]?.string.map(Verdict.goto)
        case "reject": .reject(with: rejection(value))
        case "queue": .queue(queue(value))
        case "fwd": .stolen("fwd")
        case "snat", "dnat", "masquerade", "redirect": .nat(name)
        default: nil
        }
    }

    private func rejection(_ json: JSONValue) -> String {
        let type = json["type"]?.string
        let what = json["expr"].flatMap { $0.string ?? $0.number.map { "\($0)" } }
        switch (type, what) {
        case (let type?, let what?): return "\(type) \(what)"
        case (let type?, nil): return type
        // nft omits the default.
        default: return "port-unreachable"
        }
    }

    private func queue(_ json: JSONValue) -> QueueTarget {
        let flags = json["flags"]?.list.compactMap(\.string) ?? []
        let ends = (json["num"]?["range"]?.list ?? json["num"].map { [$0] } ?? []).compactMap { end in
            end.number.flatMap(UInt16.init(exactly:))
        }
        guard let low = ends.first else {
            // An expression selects the queue, so that it may be any; without a number it is queue 0.
            return QueueTarget(numbers: 0...(json["num"] == nil ? 0 : .max), bypass: flags.contains("bypass"))
        }
        return QueueTarget(numbers: low...max(low, ends.last ?? low), bypass: flags.contains("bypass"))
    }

    private func verdictMap(_ json: JSONValue) -> [Step] {
        guard let key = json["key"], let data = json["data"] else { return [.verdict(.opaque("vmap"))] }
        let (operand, kinds) = expressions.operand(key)
        if case .string(let text) = data {
            let key = NamedSet.Key(
                family: expressions.family, table: expressions.table, name: String(text.drop { $0 == "@" }))
            return [.verdictMap(operand, .named(key))]
        }
        return [.verdictMap(operand, .elements(elements(data["set"] ?? data, kinds)))]
    }

    /// Elements of a set; a pair with a verdict is an element of a map.
    func elements(_ json: JSONValue, _ kinds: [NftablesSymbols.Kind]) -> [NamedSet.Element] {
        json.list.map { element in
            guard let pair = element.array, pair.count == 2, let (name, value) = pair[1].onlyMember,
                let verdict = verdict(name, value)
            else { return NamedSet.Element(pattern: expressions.pattern(element.array?.first ?? element, kinds)) }
            return NamedSet.Element(pattern: expressions.pattern(pair[0], kinds), verdict: verdict)
        }
    }

    /// Elements that packets add may have statements, which the packet must pass as well (net/netfilter/nft_dynset.c).
    private func filling(_ json: JSONValue, _ name: String) -> [Step] {
        let unknown = Step.condition(.unknown("a set that packets fill (\(name))"))
        var steps: [Step] = []
        for statement in json["stmt"]?.list ?? [] {
            guard let (kind, value) = statement.onlyMember else { return [unknown] }
            switch kind {
            case "counter", "last": continue
            case "limit": steps.append(.condition(limits.rate(value, in: expressions)))
            default: return [unknown]
            }
        }
        guard let set = (json["set"] ?? json["map"])?.string, json["op"]?.string != "delete" else {
            return name == "meter" ? steps : [unknown]
        }
        let key = NamedSet.Key(
            family: expressions.family, table: expressions.table, name: String(set.drop { $0 == "@" }))
        return [.condition(.fills(key))] + steps
    }

    private func effect(_ json: JSONValue) -> Effect {
        guard let key = json["key"], let value = json["value"] else { return .change(nil) }
        if key["meta"]?["key"]?.string == "mark" {
            return .setMark(markChange(value))
        }
        if case .field(.header(let field)) = expressions.operand(key).operand { return .change(field) }
        return .change(nil)
    }

    /// A change such as `meta mark & 0xff | 0x100`, nested to any depth.
    private func markChange(_ json: JSONValue) -> MarkChange? {
        if let number = expressions.literal(json, .number) { return UInt32(exactly: number).map(MarkChange.set) }
        guard let (name, value) = json.onlyMember else { return nil }
        if name == "meta", value["key"]?.string == "mark" { return .unchanged }
        guard let parts = value.array, let first = parts.first, var change = markChange(first) else { return nil }
        for part in parts.dropFirst() {
            guard let bits = expressions.literal(part, .number).flatMap(UInt32.init(exactly:)) else { return nil }
            switch name {
            case "&": change = change.then(MarkChange(keep: bits, flip: 0))
            case "|": change = change.then(MarkChange(keep: ~bits, flip: bits))
            case "^": change = change.then(MarkChange(keep: .max, flip: bits))
            default: return nil
            }
        }
        return change
    }

    /// Matches and targets of iptables-nft that nft cannot express.
    private func extensionStep(_ json: JSONValue) -> Step {
        let name = json["name"]?.string ?? "extension"
        return json["type"]?.string == "match"
            ? .condition(.unknown("the match '\(name)' of iptables"))
            : .verdict(.opaque(name))
    }

    /// net/netfilter/nft_synproxy.c: takes SYN and the answering ACK; all other TCP packets pass.
    private func synproxy() -> [Step] {
        [
            .condition(.equal(.transportProtocol, 6)),
            .condition(.any([.equal(.tcpFlags, 0x02, mask: 0x17), .equal(.tcpFlags, 0x10, mask: 0x17)])),
            .verdict(.stolen("synproxy")),
        ]
    }
}

extension Field {
    static let tcpFlags = Field.header(
        HeaderField(base: .transport, bit: 104, count: 8, requirement: .transport([6])))
}

extension Condition {
    static func equal(_ field: Field, _ number: UInt128, mask: UInt128) -> Condition {
        .compare(.masked(.field(field), mask), .equal, .patterns([.exact(.number(number))]))
    }
}
