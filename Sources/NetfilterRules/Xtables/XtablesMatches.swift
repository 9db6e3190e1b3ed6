import Protocols

/// Converts options of iptables(8) and iptables-extensions(8) to conditions.
struct XtablesMatches {
    let family: String

    private var isIPv6: Bool { family == "ip6" }
    private typealias Option = XtablesRuleReader.Option

    func condition(_ option: XtablesRuleReader.Option) -> Condition {
        known(option) ?? .unknown("the option '\(option.text)'")
    }

    private func known(_ option: Option) -> Condition? {
        switch (option.match, option.name) {
        case (nil, "-s"): address(option, source: true)
        case (nil, "-d"): address(option, source: false)
        case (nil, "-i"): device(.inputName, option)
        case (nil, "-o"): device(.outputName, option)
        case (nil, "-p"): transportProtocol(option)
        case (nil, "-f"): fragment(option)
        case ("comment"?, _): .constant(true)
        case ("tcp"?, _), ("udp"?, _), ("udplite"?, _), ("sctp"?, _), ("dccp"?, _): transport(option)
        case ("multiport"?, _): multiport(option)
        case ("icmp"?, "--icmp-type"): icmp(option, 1)
        case ("icmp6"?, "--icmpv6-type"): icmp(option, 58)
        case ("mark"?, "--mark"): mark(option)
        case ("conntrack"?, "--ctstate"), ("state"?, "--state"): state(option)
        case ("addrtype"?, "--src-type"), ("addrtype"?, "--dst-type"): addressType(option)
        case ("iprange"?, "--src-range"), ("iprange"?, "--dst-range"): addressRange(option)
        case ("length"?, "--length"):
            portRange(option.argument, maximum: 65535).map { compare(.packetLength, [$0], option) }
        case ("ttl"?, _): hops(option, "ip", "ttl", "--ttl-")
        case ("hl"?, _): hops(option, "ip6", "hoplimit", "--hl-")
        case ("dscp"?, "--dscp"):
            number(option.argument).flatMap { value in
                field(isIPv6 ? "ip6" : "ip", "dscp").map { compare($0, [.exact(.number(value))], option) }
            }
        default: nil
        }
    }

    private func compare(_ field: Field, _ patterns: [Pattern], _ option: Option) -> Condition {
        .compare(.field(field), option.isNegated ? .notEqual : .equal, .patterns(patterns))
    }

    private func field(_ name: String, _ field: String) -> Field? {
        NftablesFields.payload(protocol: name, field: field)?.field
    }

    private func number(_ text: some StringProtocol) -> UInt128? {
        NftablesSymbols.integer(text)
    }

    private func parse(_ text: some StringProtocol) -> UInt128? {
        isIPv6 ? AddressParsing.ipv6(text) : AddressParsing.ipv4(text)
    }

    private func address(_ option: Option, source: Bool) -> Condition? {
        let parts = option.argument.split(separator: "/", maxSplits: 1)
        let bits = isIPv6 ? 128 : 32
        guard let first = parts.first, let address = parse(first),
            let mask = parts.count == 1
                ? AddressParsing.mask("\(bits)", bits: bits) : AddressParsing.mask(parts[1], bits: bits),
            let field = field(family, source ? "saddr" : "daddr")
        else { return nil }
        return .compare(
            .masked(.field(field), mask), option.isNegated ? .notEqual : .equal,
            .patterns([.exact(.number(address & mask))]))
    }

    private func addressRange(_ option: Option) -> Condition? {
        let ends = option.argument.split(separator: "-").map { parse($0) }
        guard let low = ends.first ?? nil, let high = ends.last ?? nil,
            let field = field(family, option.name == "--src-range" ? "saddr" : "daddr")
        else { return nil }
        return compare(field, [.range(low, high)], option)
    }

    private func device(_ field: Field, _ option: Option) -> Condition {
        let name = option.argument
        return compare(
            field, [name.hasSuffix("+") ? .textPrefix(String(name.dropLast())) : .exact(.text(name))], option)
    }

    private func transportProtocol(_ option: Option) -> Condition? {
        if option.argument == "all" { return .constant(!option.isNegated) }
        guard let number = number(option.argument) ?? NftablesSymbols.transportProtocol(option.argument) else {
            return nil
        }
        return number == 0
            ? .constant(!option.isNegated) : compare(.transportProtocol, [.exact(.number(number))], option)
    }

    private func fragment(_ option: Option) -> Condition? {
        guard let field = field("ip", "frag-off") else { return nil }
        return .compare(
            .masked(.field(field), 0x1fff), option.isNegated ? .equal : .notEqual, .patterns([.exact(.number(0))]))
    }

    /// Parses `80`, `80:90`, `:90` and `80:`.
    private func portRange(_ text: some StringProtocol, maximum: UInt128) -> Pattern? {
        let ends = text.split(separator: ":", omittingEmptySubsequences: false)
        guard let low = ends[0].isEmpty ? 0 : number(ends[0]) else { return nil }
        if ends.count == 1 { return .exact(.number(low)) }
        guard ends.count == 2, let high = ends[1].isEmpty ? maximum : number(ends[1]) else { return nil }
        return .range(low, high)
    }

    private func transport(_ option: Option) -> Condition? {
        guard let name = option.match else { return nil }
        switch option.name {
        case "--sport", "--dport":
            guard let field = field(name, option.name == "--sport" ? "sport" : "dport"),
                let range = portRange(option.argument, maximum: 65535)
            else { return nil }
            return compare(field, [range], option)
        case "--tcp-flags":
            guard name == "tcp", option.arguments.count == 2, let mask = flags(option.arguments[0]),
                let set = flags(option.arguments[1])
            else { return nil }
            return .compare(
                .masked(.field(.tcpFlags), mask), option.isNegated ? .notEqual : .equal,
                .patterns([.exact(.number(set))]))
        case "--syn":
            return .compare(
                .masked(.field(.tcpFlags), 0x17), option.isNegated ? .notEqual : .equal, .patterns([.exact(.number(2))])
            )
        default: return nil
        }
    }

    private func flags(_ text: String) -> UInt128? {
        var bits: UInt128 = 0
        for name in text.split(separator: ",") {
            switch name {
            case "ALL": bits |= 0x3f
            case "NONE": break
            default:
                guard let bit = NftablesSymbols.number(name.lowercased(), .tcpFlags) else { return nil }
                bits |= bit
            }
        }
        return bits
    }

    private func multiport(_ option: Option) -> Condition? {
        var ranges: [Pattern] = []
        for part in option.argument.split(separator: ",") {
            guard let range = portRange(part, maximum: 65535) else { return nil }
            ranges.append(range)
        }
        let ports = { (bit: Int) in
            Field.header(
                HeaderField(base: .transport, bit: bit, count: 16, requirement: .transport(IPProtocol.withPorts)))
        }
        switch option.name {
        case "--sports", "--source-ports": return compare(ports(0), ranges, option)
        case "--dports", "--destination-ports": return compare(ports(16), ranges, option)
        case "--ports":
            let both = [compare(ports(0), ranges, option), compare(ports(16), ranges, option)]
            return option.isNegated ? .all(both) : .any(both)
        default: return nil
        }
    }

    /// Parses `8`, `3/1` and `any`.
    private func icmp(_ option: Option, _ number: UInt8) -> Condition? {
        if option.argument == "any" || option.argument == "255" { return .constant(!option.isNegated) }
        let parts = option.argument.split(separator: "/").map { self.number($0) }
        guard let type = parts.first ?? nil, let typeField = field(number == 1 ? "icmp" : "icmpv6", "type"),
            let codeField = field(number == 1 ? "icmp" : "icmpv6", "code")
        else { return nil }
        let sameType = compare(typeField, [.exact(.number(type))], option)
        guard parts.count == 2 else { return sameType }
        guard let code = parts[1] else { return nil }
        let sameCode = compare(codeField, [.exact(.number(code))], option)
        return option.isNegated ? .any([sameType, sameCode]) : .all([sameType, sameCode])
    }

    private func mark(_ option: Option) -> Condition? {
        let parts = option.argument.split(separator: "/").map { number($0) }
        guard let value = parts.first ?? nil, let mask = parts.count == 2 ? parts[1] : 0xffff_ffff else { return nil }
        return .compare(
            .masked(.field(.mark), mask), option.isNegated ? .notEqual : .equal, .patterns([.exact(.number(value))]))
    }

    private func state(_ option: Option) -> Condition? {
        var bits: UInt128 = 0
        for name in option.argument.split(separator: ",") {
            guard let bit = NftablesSymbols.number(name.lowercased(), .connectionState) else { return nil }
            bits |= bit
        }
        return .compare(
            .field(.connectionState), option.isNegated ? .noBit : .anyBit, .patterns([.exact(.number(bits))]))
    }

    private func addressType(_ option: Option) -> Condition {
        let types = option.argument.split(separator: ",").map { name in
            AddressTypes.numbers[name.lowercased()].map { Pattern.exact(.number($0)) } ?? .unreadable(String(name))
        }
        return compare(.addressType(isSource: option.name == "--src-type"), types, option)
    }

    private func hops(_ option: Option, _ header: String, _ name: String, _ prefix: String) -> Condition? {
        guard let field = field(header, name), let limit = number(option.argument), option.name.hasPrefix(prefix) else {
            return nil
        }
        let pattern = Condition.Choice.patterns([.exact(.number(limit))])
        switch option.name.dropFirst(prefix.count) {
        case "eq": return .compare(.field(field), option.isNegated ? .notEqual : .equal, pattern)
        case "lt": return .compare(.field(field), .less, pattern)
        case "gt": return .compare(.field(field), .greater, pattern)
        default: return nil
        }
    }
}
