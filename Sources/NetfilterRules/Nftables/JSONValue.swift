/// A JSON value, reduced to the needs of rule sets: integers only, members without an order.
enum JSONValue: Equatable, Sendable {
    case null
    case bool(Bool)
    case number(Int64)
    case string(String)
    case array([JSONValue])
    case object([String: JSONValue])

    subscript(key: String) -> JSONValue? {
        if case .object(let members) = self { members[key] } else { nil }
    }

    var string: String? {
        if case .string(let text) = self { text } else { nil }
    }

    var number: Int64? {
        if case .number(let number) = self { number } else { nil }
    }

    var array: [JSONValue]? {
        if case .array(let elements) = self { elements } else { nil }
    }

    /// The elements of an array; any other value counts as an array of one. nft writes lists of one in both forms.
    var list: [JSONValue] {
        if case .array(let elements) = self { elements } else { [self] }
    }

    /// Name and value of an object with a single member, the form of every nft statement and expression.
    var onlyMember: (name: String, value: JSONValue)? {
        guard case .object(let members) = self, members.count == 1, let member = members.first else { return nil }
        return (member.key, member.value)
    }
}
