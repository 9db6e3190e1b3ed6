/// Expressions of libnftables-json(5): both sides of a comparison.
struct NftablesExpressions {
    typealias Kind = NftablesSymbols.Kind

    let family: String
    let table: String

    /// The left side of a match, or the key of a map. Never fails: unsupported expressions become unknown.
    func operand(_ json: JSONValue) -> (operand: Operand, kinds: [Kind]) {
        guard let (name, value) = json.onlyMember else { return (.unknown("an unknown expression"), [.opaque]) }
        switch name {
        case "payload": return payload(value)
        case "meta": return meta(value["key"]?.string ?? value.string ?? "")
        case "ct": return connection(value)
        case "fib": return route(value)
        case "exthdr": return extensionHeader(value)
        case "concat":
            let parts = value.list.map(operand)
            return (.tuple(parts.map(\.operand)), parts.flatMap(\.kinds))
        case "&", "|", "^", "<<", ">>": return arithmetic(name, value)
        default: return (.unknown(Self.words(for: name)), [.opaque])
        }
    }

    private static func words(for name: String) -> String {
        switch name {
        case "fib": "the routing decision (fib)"
        case "numgen": "a number made for each packet (numgen)"
        case "jhash", "symhash": "a hash of the packet (\(name))"
        case "socket": "the packet's socket"
        case "rt": "the packet's route (rt)"
        case "ipsec": "the packet's IPsec state"
        case "osf": "the sender's operating system (osf)"
        case "map": "the result of a map"
        default: "the expression '\(name)'"
        }
    }

    private func payload(_ json: JSONValue) -> (operand: Operand, kinds: [Kind]) {
        if let base = json["base"]?.string, let offset = json["offset"]?.number, let length = json["len"]?.number {
            guard let field = NftablesFields.raw(base: base, offset: offset, length: length) else {
                return (.unknown("bytes of the packet's \(base) header"), [.opaque])
            }
            return (.field(field), [.number])
        }
        let name = json["protocol"]?.string ?? ""
        let field = json["field"]?.string ?? ""
        // Inside a tunnel the same names refer to the inner packet.
        guard json["tunnel"] == nil, let found = NftablesFields.payload(protocol: name, field: field) else {
            return (.unknown("the header field '\(name) \(field)'"), [.opaque])
        }
        return (.field(found.field), [found.kind])
    }

    private func meta(_ key: String) -> (operand: Operand, kinds: [Kind]) {
        switch key {
        case "l4proto": (.field(.transportProtocol), [.transportProtocol])
        case "nfproto": (.field(.networkFamily), [.networkFamily])
        case "protocol": (.field(.etherType), [.etherType])
        case "mark": (.field(.mark), [.number])
        case "skuid": (.field(.socketUser), [.number])
        case "skgid": (.field(.socketGroup), [.number])
        case "length": (.field(.packetLength), [.number])
        case "iifname", "iif": (.field(.inputName), [.name])
        case "oifname", "oif": (.field(.outputName), [.name])
        default: (.unknown("meta \(key)"), [.opaque])
        }
    }

    private func connection(_ json: JSONValue) -> (operand: Operand, kinds: [Kind]) {
        switch json["key"]?.string {
        case "state": (.field(.connectionState), [.connectionState])
        case "direction": (.field(.connectionDirection), [.connectionDirection])
        case let key: (.unknown("ct \(key ?? "")"), [.opaque])
        }
    }

    /// Of the routing expressions only the type of one address, without a device, can be evaluated.
    private func route(_ json: JSONValue) -> (operand: Operand, kinds: [Kind]) {
        let flags = json["flags"]?.list.compactMap(\.string) ?? []
        guard json["result"]?.string == "type", flags == ["saddr"] || flags == ["daddr"] else {
            return (.unknown(Self.words(for: "fib")), [.opaque])
        }
        return (.field(.addressType(isSource: flags == ["saddr"])), [.addressType])
    }

    private func extensionHeader(_ json: JSONValue) -> (operand: Operand, kinds: [Kind]) {
        let headers: [String: UInt8] = ["hbh": 0, "rt": 43, "frag": 44, "dst": 60]
        guard let name = json["name"]?.string, json["field"] == nil, let header = headers[name] else {
            return (.unknown("a field of an IPv6 extension header"), [.opaque])
        }
        return (.field(.hasExtensionHeader(header)), [.number])
    }

    private func arithmetic(_ name: String, _ json: JSONValue) -> (operand: Operand, kinds: [Kind]) {
        guard let parts = json.array, parts.count >= 2 else { return (.unknown("arithmetic"), [.opaque]) }
        let left = operand(parts[0])
        guard left.kinds.count == 1, let bits = literal(.array(Array(parts.dropFirst())), left.kinds[0]) else {
            return (.unknown("arithmetic"), [.opaque])
        }
        switch name {
        case "&": return (.masked(left.operand, bits), left.kinds)
        case "|": return (.inclusiveOr(left.operand, bits), left.kinds)
        case "^": return (.exclusiveOr(left.operand, bits), left.kinds)
        case "<<" where bits < 128: return (.shiftedLeft(left.operand, Int(bits)), left.kinds)
        case ">>" where bits < 128: return (.shiftedRight(left.operand, Int(bits)), left.kinds)
        default: return (.unknown("arithmetic"), [.opaque])
        }
    }

    /// A number, or several joined by a bitwise or.
    func literal(_ json: JSONValue, _ kind: Kind) -> UInt128? {
        switch json {
        case .number(let number): return number >= 0 ? UInt128(number) : nil
        case .bool(let value): return value ? 1 : 0
        case .string(let text): return NftablesSymbols.number(text, kind)
        case .array(let parts):
            var bits: UInt128 = 0
            for part in parts {
                guard let more = literal(part, kind) else { return nil }
                bits |= more
            }
            return parts.isEmpty ? nil : bits
        case .object:
            guard let (name, value) = json.onlyMember, name == "|" else { return nil }
            return literal(value, kind)
        case .null: return nil
        }
    }

    /// The right side of a match, or an element of a set.
    func patterns(_ json: JSONValue, _ kinds: [Kind]) -> [Pattern] {
        if let (name, value) = json.onlyMember, name == "set" {
            return value.list.map { pattern($0, kinds) }
        }
        // A list outside of a set is a bitwise or: `tcp flags & (syn | ack) == syn | ack`. No version of nft compares
        // connection states in this form.
        if case .array(let parts) = json, kinds == [.connectionState], parts.count > 1 {
            return [.unreadable("a list of states")]
        }
        return [pattern(json, kinds)]
    }

    func pattern(_ json: JSONValue, _ kinds: [Kind]) -> Pattern {
        if json == .string("*"), kinds != [.name] { return .any }
        if let (name, value) = json.onlyMember {
            switch (name, kinds.count) {
            case ("elem", _): return value["val"].map { pattern($0, kinds) } ?? .unreadable("elem")
            case ("concat", value.list.count):
                return .tuple(zip(value.list, kinds).map { pattern($0, [$1]) })
            case ("prefix", 1): return prefix(value, kinds[0])
            case ("range", 1):
                let ends = value.list.map { literal($0, kinds[0]) }
                guard ends.count == 2, let low = ends[0], let high = ends[1] else { return .unreadable("range") }
                return .range(low, high)
            default: break
            }
        }
        guard kinds.count == 1 else { return .unreadable("a concatenation") }
        if kinds[0] == .name { return name(json) }
        guard let number = literal(json, kinds[0]) else { return .unreadable(json.string ?? "a value") }
        return .exact(.number(number))
    }

    private func prefix(_ json: JSONValue, _ kind: Kind) -> Pattern {
        let bits = kind == .ipv4 ? 32 : kind == .ipv6 ? 128 : 0
        guard let address = json["addr"].flatMap({ literal($0, kind) }), let length = json["len"]?.number,
            0...Int64(bits) ~= length
        else { return .unreadable("prefix") }
        return .prefix(address, length: Int(length), bits: bits)
    }

    /// The name of a device. A number stands for a deleted device.
    private func name(_ json: JSONValue) -> Pattern {
        guard let text = json.string else { return .unreadable("a device number") }
        if text.hasSuffix("\\*") { return .exact(.text(text.dropLast(2) + "*")) }
        return text.hasSuffix("*") ? .textPrefix(String(text.dropLast())) : .exact(.text(text))
    }

    func condition(_ json: JSONValue) -> Condition {
        guard let left = json["left"], let right = json["right"] else { return .unknown("a match without sides") }
        let (operand, kinds) = operand(left)
        let comparison: Condition.Comparison
        switch json["op"]?.string ?? "==" {
        case "==": comparison = .equal
        case "!=": comparison = .notEqual
        case "<": comparison = .less
        case ">": comparison = .greater
        case "<=": comparison = .lessOrEqual
        case ">=": comparison = .greaterOrEqual
        case "in": comparison = .anyBit
        case "!": comparison = .noBit
        case let other: return .unknown("the comparison '\(other)'")
        }
        if case .string(let text) = right, text.hasPrefix("@") {
            let key = NamedSet.Key(family: family, table: table, name: String(text.dropFirst()))
            return .compare(operand, comparison == .anyBit ? .equal : comparison, .named(key))
        }
        if case .unknown(let what) = operand { return .unknown(what) }
        if comparison == .anyBit || comparison == .noBit {
            guard kinds.count == 1, let bits = literal(right, kinds[0]) else { return .unknown("a list of bits") }
            return .compare(operand, comparison, .patterns([.exact(.number(bits))]))
        }
        return .compare(operand, comparison, .patterns(patterns(right, kinds)))
    }
}
