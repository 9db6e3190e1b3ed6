/// Whether a place in the kernel frees the parts of an skb together with it (the fragments of a reassembled packet), or an skb
/// that never was a packet. The kernel reports such frees like drops although nothing is lost.
public enum PartRelease: Sendable {
    case never
    /// Only directly after the skb to which the parts belong; other frees at this place are drops.
    case afterTheWhole
    case always

    /// - Parameter symbol: the place, as `function+0x12`. Functions of net/core/skbuff.c, net/ipv4/route.c and
    ///   net/ipv6/route.c.
    public init(at symbol: Span<UInt8>) {
        if Self.isIn("skb_release_data+", symbol) {
            self = .always
        } else if Self.isIn("inet_rtm_getroute+", symbol) || Self.isIn("inet6_rtm_getroute+", symbol) {
            // The skb of an `ip route get` query.
            self = .always
        } else if Self.isIn("kfree_skb_list", symbol) {
            self = .afterTheWhole
        } else {
            self = .never
        }
    }

    private static func isIn(_ function: StaticString, _ symbol: Span<UInt8>) -> Bool {
        guard symbol.count >= function.utf8CodeUnitCount else { return false }
        return (0..<function.utf8CodeUnitCount).allSatisfy { symbol[$0] == function.utf8Start[$0] }
    }
}
