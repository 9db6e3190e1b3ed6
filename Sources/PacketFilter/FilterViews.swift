/// The headers of a packet that a filter looks at: BPF/include/nettrace_views.h and nettrace_inner.h.
public struct FilterViews: Equatable, Sendable {
    /// The expression speaks of VLAN tags: one that the kernel keeps beside the packet has to be shown to it in its place.
    /// All other filters look past tags, wherever they stand.
    public var seesTags = false
    /// The filter asks about extension headers of IPv6. All others find TCP, UDP and SCTP behind them.
    public var seesExtensions = false
    /// Packets in tunnels are looked at, too (`--inner`).
    public var insideTunnels = false
    /// And packets that ICMP errors quote (`--quoted`).
    public var insideErrors = false

    init(_ options: FilterOptions, expression: String?) {
        insideTunnels = options.inner
        insideErrors = options.quoted
        guard let expression else { return }
        seesTags = Self.words(of: expression).contains("vlan")
        // --tcp-flags reads bytes of IPv6, too, but not to find extension headers.
        let all = [options] + options.excluded
        let asked =
            all.contains { !$0.tcpFlags.isEmpty } ? all.flatMap(\.expressions).joined(separator: " ") : expression
        seesExtensions = Self.readsHeaders(asked) || Self.namesExtension(Self.words(of: expression))
    }

    /// "vlan" is a keyword of the language; a host of that name would have to be written "\\vlan".
    private static func words(of expression: String) -> [Substring] {
        expression.split { !($0.isLetter || $0.isNumber || "\\.-_".contains($0)) }
    }

    /// Bytes by their place: they are to be those of the packet.
    private static func readsHeaders(_ expression: String) -> Bool {
        let text = expression.filter { $0 != " " }
        return text.contains("ip6[") || text.contains("ether[")
    }

    private static func namesExtension(_ words: [Substring]) -> Bool {
        let numbers: Set<Substring> = ["0", "43", "44", "51", "60"]
        let names: Set<Substring> = ["ah", "hopopt", "ipv6-route", "ipv6-frag", "ipv6-opts"]
        return zip(words, words.dropFirst()).contains { word, next in
            word == "proto" && (numbers.contains(next) || names.contains(next.drop { $0 == "\\" }))
        } || words.contains("ah")
    }
}
