/// A named set or map of nftables, or a set of ipset.
struct NamedSet: Equatable, Sendable {
    struct Key: Hashable, Sendable {
        var family: String
        var table: String
        var name: String
    }

    /// An element, and in verdict maps what it leads to.
    struct Element: Equatable, Sendable {
        var pattern: Pattern
        var verdict: Verdict?
    }

    var key: Key
    var elements: [Element]
    /// Elements come and go by themselves: packets add them, or they time out. What is listed now may not have been in
    /// it then, and the other way round.
    var changes: Bool

    func contains(_ value: Value) -> Ternary {
        if changes { return .unknown(["what was in the set @\(key.name) at that time"]) }
        return elements.map(\.pattern).matches(value)
    }
}
