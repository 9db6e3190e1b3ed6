/// Matches of iptables-extensions(8) whose options only have a meaning together.
struct XtablesModules {
    let family: String

    typealias Option = XtablesRuleReader.Option

    /// - Parameter options: the options of one `-m`.
    func condition(_ name: String, _ options: [Option]) -> Condition? {
        let values = Dictionary(options.map { ($0.name, $0) }) { $1 }
        return switch name {
        case "limit": rate(values, "--limit", "--limit-burst", isOver: false)
        case "hashlimit":
            values["--hashlimit-above"] != nil
                ? rate(values, "--hashlimit-above", "--hashlimit-burst", isOver: true)
                : rate(values, "--hashlimit-upto", "--hashlimit-burst", isOver: false)
        case "quota": quota(values)
        case "string": text(values)
        case "owner": owner(options)
        case "set": membership(options)
        case "mac": hardware(values["--mac-source"])
        default: nil
        }
    }

    /// Parses `100/sec`.
    private func rate(_ values: [String: Option], _ rate: String, _ burst: String, isOver: Bool) -> Condition? {
        let units: [(name: String, seconds: UInt64)] = [("second", 1), ("minute", 60), ("hour", 3600), ("day", 86_400)]
        guard let parts = values[rate]?.argument.split(separator: "/"), parts.count == 2, let amount = UInt64(parts[0]),
            let unit = units.first(where: { $0.name.hasPrefix(parts[1]) })
        else { return nil }
        return .rate(
            RateLimit(
                amount: amount, seconds: unit.seconds, capacity: values[burst].flatMap { UInt64($0.argument) } ?? 5,
                countsBytes: false, isOver: isOver))
    }

    private func quota(_ values: [String: Option]) -> Condition? {
        guard let option = values["--quota"], let limit = UInt64(option.argument) else { return nil }
        return .quota(Quota(limit: limit, used: nil, isOver: option.isNegated))
    }

    private func text(_ values: [String: Option]) -> Condition? {
        guard let option = values["--string"] ?? values["--hex-string"],
            let text = option.name == "--string" ? Array(option.argument.utf8) : Self.bytes(option.argument)
        else { return nil }
        let match = Condition.text(
            TextMatch(
                text: text, from: values["--from"].flatMap { Int($0.argument) } ?? 0,
                to: values["--to"].flatMap { Int($0.argument) } ?? 65_535, ignoresCase: values["--icase"] != nil))
        return option.isNegated ? .not(match) : match
    }

    /// Parses `GET |0d0a|`, with hexadecimal between bars.
    private static func bytes(_ text: String) -> [UInt8]? {
        var bytes: [UInt8] = []
        for (index, part) in text.split(separator: "|", omittingEmptySubsequences: false).enumerated() {
            guard index % 2 == 1 else {
                bytes += part.utf8
                continue
            }
            var digits = Array(part.filter { $0 != " " })
            guard digits.count % 2 == 0 else { return nil }
            while !digits.isEmpty {
                guard let byte = UInt8(String(digits.prefix(2)), radix: 16) else { return nil }
                bytes.append(byte)
                digits.removeFirst(2)
            }
        }
        return bytes
    }

    /// Parses `--uid-owner 1000-2000`, for packets that may have a sender (net/netfilter/xt_owner.c).
    private func owner(_ options: [Option]) -> Condition? {
        var conditions: [Condition] = []
        for option in options {
            guard option.name == "--uid-owner" || option.name == "--gid-owner" else { return nil }
            let ends = option.argument.split(separator: "-").map { UInt128($0) }
            guard let low = ends.first ?? nil, let high = ends.last ?? nil else { return nil }
            conditions.append(
                .compare(
                    .field(option.name == "--uid-owner" ? .socketUser : .socketGroup),
                    option.isNegated ? .notEqual : .equal, .patterns([.range(low, high)])))
        }
        return conditions.isEmpty ? nil : .all(conditions)
    }

    private func membership(_ options: [Option]) -> Condition? {
        // Further options read counters of elements, or elements with the flag nomatch.
        guard options.count == 1, let option = options.first, option.name == "--match-set", option.arguments.count == 2
        else { return nil }
        let match = Condition.ipset(
            IPSetMembership(
                set: option.arguments[0], fromSource: option.arguments[1].split(separator: ",").map { $0 == "src" }))
        return option.isNegated ? .not(match) : match
    }

    private func hardware(_ option: Option?) -> Condition? {
        guard let option, let address = AddressParsing.ethernet(option.argument) else { return nil }
        return .compare(
            .field(.linkAddress(isSource: true)), option.isNegated ? .notEqual : .equal,
            .patterns([.exact(.number(address))]))
    }
}
