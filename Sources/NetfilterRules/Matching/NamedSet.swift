/// A named set or map of nftables.
struct NamedSet: Equatable, Sendable {
    struct Key: Hashable, Sendable {
        var family: String
        var table: String
        var name: String
    }

    /// An element; in verdict maps with its verdict.
    struct Element: Equatable, Sendable {
        var pattern: Pattern
        var verdict: Verdict?
    }

    var key: Key
    var elements: [Element]
    /// Whether elements come and go without a change of the rules: packets add them, or they time out. The set may thus
    /// have had other elements at the packet's end.
    var changes: Bool
    /// Whether elements time out.
    var expires = false
    /// Maximum number of elements; nil if unlimited.
    var size: Int?

    /// - Parameters:
    ///   - earlier: the same set before the packet's end.
    ///   - isListedAfter: whether this set was listed after the packet's end.
    func contains(_ value: Value, earlier: NamedSet?, isListedAfter: Bool) -> Ternary {
        let now = elements.map(\.pattern).matches(value)
        guard changes else { return now }
        // An element that does not time out and is absent now was absent then.
        if now == .no, !expires, isListedAfter { return .no }
        if now == .yes, let earlier, earlier.elements.map(\.pattern).matches(value) == .yes { return .yes }
        return .unknown(["what was in the set @\(key.name) at that time"])
    }

    /// Whether the set had room for another element (net/netfilter/nft_dynset.c, nft_dynset_new).
    var takesMore: Ternary {
        size.map { elements.count < $0 } ?? true ? .yes : .unknown(["whether the set @\(key.name) was full"])
    }
}
