/// Requirements on an event: every key of the pattern is in the event with a matching value.
///
/// A value is a literal; a list of alternatives; an object of operators (`>`, `>=`, `<`, `<=`, `!=`, `regex`,
/// `present`, and `has`, `lacks` and `length` for arrays); an object that is itself a pattern (for `tcp`, `icmp`, …);
/// or `"$name"`, which stands for the first value that it matched, so that two events can be required to show the same
/// packet.
struct Pattern: Decodable, Sendable {
    let fields: [String: JSONValue]
    /// The kernels that this pattern applies to; nil for all.
    let kernels: KernelCondition?

    init(from decoder: any Decoder) throws {
        var fields = try [String: JSONValue](from: decoder)
        if let condition = fields.removeValue(forKey: "kernels") {
            guard let parsed = condition.string.flatMap({ KernelCondition($0) }) else {
                throw Scenario.FormatError(description: "'kernels' must read like \">=5.17 <6.12\", not \(condition)")
            }
            kernels = parsed
        } else {
            kernels = nil
        }
        self.fields = fields
    }

    init(_ fields: [String: JSONValue]) {
        self.fields = fields
        kernels = nil
    }

    func applies(to kernel: KernelVersion) -> Bool {
        kernels?.holds(for: kernel) ?? true
    }

    /// Whether the event matches. Names that it binds are added to `aliases`, which is unchanged if it does not match.
    func matches(_ event: [String: JSONValue], aliases: inout [String: JSONValue]) -> Bool {
        var bound = aliases
        guard ValueMatcher.members(fields, of: event, aliases: &bound) else { return false }
        aliases = bound
        return true
    }
}

/// Comparison between an expected and an actual value.
enum ValueMatcher {
    private static let operators: Set<String> = [
        ">", ">=", "<", "<=", "!=", "regex", "present", "has", "lacks", "length",
    ]

    static func members(
        _ expected: [String: JSONValue], of actual: [String: JSONValue], aliases: inout [String: JSONValue]
    ) -> Bool {
        // In the order of the keys, so that the result never depends on a hash seed.
        for (key, value) in expected.sorted(by: { $0.key < $1.key })
        where !matches(value, actual[key], aliases: &aliases) {
            return false
        }
        return true
    }

    static func matches(_ expected: JSONValue, _ actual: JSONValue?, aliases: inout [String: JSONValue]) -> Bool {
        switch expected {
        case .object(let conditions) where !conditions.isEmpty && operators.isSuperset(of: conditions.keys):
            // In the order of the operators, so that `lacks` sees the names that `has` bound.
            var bound = aliases
            for (symbol, operand) in conditions.sorted(by: { $0.key < $1.key })
            where !satisfies(symbol, operand, actual, aliases: &bound) {
                return false
            }
            aliases = bound
            return true
        case .object(let fields):
            guard let actual = actual?.object else { return false }
            return members(fields, of: actual, aliases: &aliases)
        case .array(let alternatives):
            return alternatives.contains { matches($0, actual, aliases: &aliases) }
        case .string(let text) where text.hasPrefix("$"):
            guard let actual else { return false }
            if let bound = aliases[text] { return bound == actual }
            aliases[text] = actual
            return true
        default:
            return expected == actual
        }
    }

    private static func satisfies(
        _ symbol: String, _ operand: JSONValue, _ actual: JSONValue?, aliases: inout [String: JSONValue]
    ) -> Bool {
        if symbol == "present" { return .bool(actual != nil) == operand }
        if symbol == "!=" { return actual != nil && actual != (operand.string.flatMap { aliases[$0] } ?? operand) }
        if symbol == "has" { return has(operand.array ?? [operand], in: actual?.array?[...] ?? [], aliases: &aliases) }
        if symbol == "lacks" {
            guard let members = actual?.array else { return false }
            return !members.contains { member in
                var bound = aliases
                return matches(operand, member, aliases: &bound)
            }
        }
        if symbol == "length" {
            return matches(operand, actual?.array.map { .integer(Int64($0.count)) }, aliases: &aliases)
        }
        if symbol == "regex" {
            guard let pattern = operand.string, let text = actual?.string, let regex = try? Regex(pattern) else {
                return false
            }
            return text.contains(regex)
        }
        guard let limit = operand.number, let value = actual?.number else { return false }
        return switch symbol {
        case ">": value > limit
        case ">=": value >= limit
        case "<": value < limit
        default: value <= limit
        }
    }
}

extension ValueMatcher {
    /// Whether the members match as an ordered subset, as `expect` does for a run.
    private static func has(
        _ expected: [JSONValue], in members: ArraySlice<JSONValue>, aliases: inout [String: JSONValue]
    ) -> Bool {
        guard let first = expected.first else { return true }
        for position in members.indices {
            var bound = aliases
            guard matches(first, members[position], aliases: &bound),
                has(Array(expected.dropFirst()), in: members[(position + 1)...], aliases: &bound)
            else { continue }
            aliases = bound
            return true
        }
        return false
    }
}

/// A requirement on a text: a substring, `{"regex": …}`, or `{"absent": …}` for a substring that must not occur.
enum TextPattern: Decodable, Sendable {
    case contains(String)
    case matches(String)
    case lacks(String)

    init(from decoder: any Decoder) throws {
        let value = try JSONValue(from: decoder)
        if let text = value.string {
            self = .contains(text)
        } else if let text = value.object?["regex"]?.string, (try? Regex(text)) != nil {
            self = .matches(text)
        } else if let text = value.object?["absent"]?.string {
            self = .lacks(text)
        } else {
            throw Scenario.FormatError(description: "not a text pattern: \(value)")
        }
    }

    func holds(for text: String) -> Bool {
        switch self {
        case .contains(let part): return text.contains(part)
        case .lacks(let part): return !text.contains(part)
        case .matches(let pattern):
            guard let regex = try? Regex(pattern).anchorsMatchLineEndings() else { return false }
            return text.contains(regex)
        }
    }
}
