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
    /// Elements go by themselves after some time.
    var expires = false
    /// How many elements it holds at most; nil: any number.
    var size: Int?

    /// - Parameters:
    ///   - earlier: the same set before the packet's end.
    ///   - isListedAfter: this one was listed after it.
    func contains(_ value: Value, earlier: NamedSet?, isListedAfter: Bool) -> Ternary {
        let now = elements.map(\.pattern).matches(value)
        guard changes else { return now }
        // What never goes by itself and is not there now was not there then.
        if now == .no, !expires, isListedAfter { return .no }
        if now == .yes, let earlier, earlier.elements.map(\.pattern).matches(value) == .yes { return .yes }
        return .unknown(["what was in the set @\(key.name) at that time"])
    }

    /// Whether there was room for one more (net/netfilter/nft_dynset.c, nft_dynset_new).
    var takesMore: Ternary {
        size.map { elements.count < $0 } ?? true ? .yes : .unknown(["whether the set @\(key.name) was full"])
    }
}
