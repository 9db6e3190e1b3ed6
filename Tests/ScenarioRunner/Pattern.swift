/// What an event has to look like: every key of the pattern is in the event with a matching value.
///
/// A value is a literal; a list of alternatives; an object of operators (`>`, `>=`, `<`, `<=`, `!=`, `regex`,
/// `present`); an object that is itself a pattern (for `tcp`, `icmp`, …); or `"$name"`, which stands for the value that
/// it met first, so that two events can be required to show the same packet.
struct Pattern: Decodable, Sendable {
    let fields: [String: JSONValue]
    /// The kernels that this pattern is for; nil for all.
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

    /// Whether the event matches; names that it binds are added to `aliases`, which is unchanged when it does not.
    func matches(_ event: [String: JSONValue], aliases: inout [String: JSONValue]) -> Bool {
        var bound = aliases
        guard ValueMatcher.members(fields, of: event, aliases: &bound) else { return false }
        aliases = bound
        return true
    }
}

/// The rules of comparison between an expected and an actual value.
enum ValueMatcher {
    private static let operators: Set<String> = [">", ">=", "<", "<=", "!=", "regex", "present"]

    static func members(
        _ expected: [String: JSONValue], of actual: [String: JSONValue], aliases: inout [String: JSONValue]
    ) -> Bool {
        // In the order of the keys, so that a run's result never depends on a hash seed.
        for (key, value) in expected.sorted(by: { $0.key < $1.key })
        where !matches(value, actual[key], aliases: &aliases) {
            return false
        }
        return true
    }

    static func matches(_ expected: JSONValue, _ actual: JSONValue?, aliases: inout [String: JSONValue]) -> Bool {
        switch expected {
        case .object(let conditions) where !conditions.isEmpty && operators.isSuperset(of: conditions.keys):
            return conditions.allSatisfy { satisfies($0.key, $0.value, actual) }
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

    private static func satisfies(_ symbol: String, _ operand: JSONValue, _ actual: JSONValue?) -> Bool {
        if symbol == "present" { return .bool(actual != nil) == operand }
        if symbol == "!=" { return actual != nil && actual != operand }
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

/// What a text has to contain: a substring, or `{"regex": …}`, or `{"absent": …}` for a substring that must not be there.
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
