/// The headers of a packet that a filter is run on: BPF/include/nettrace_views.h and nettrace_inner.h.
public struct FilterViews: Equatable, Sendable {
    /// The expression names VLAN tags: a tag that the kernel keeps beside the packet is put back into its place for the
    /// filter. All other filters skip tags, wherever they are.
    public var seesTags = false
    /// The filter reads IPv6 extension headers. All other filters find TCP, UDP and SCTP after them.
    public var seesExtensions = false
    /// The filter is also run on packets inside tunnels (`--inner`).
    public var insideTunnels = false
    /// The filter is also run on packets that ICMP errors quote (`--quoted`).
    public var insideErrors = false

    init(_ options: FilterOptions, expression: String?) {
        insideTunnels = options.inner
        insideErrors = options.quoted
        guard let expression else { return }
        seesTags = Self.words(of: expression).contains("vlan")
        // --tcp-flags reads IPv6 bytes, too, but not to find extension headers.
        let all = [options] + options.excluded
        let asked =
            all.contains { !$0.tcpFlags.isEmpty } ? all.flatMap(\.expressions).joined(separator: " ") : expression
        seesExtensions = Self.readsHeaders(asked) || Self.namesExtension(Self.words(of: expression))
    }

    /// "vlan" is a keyword of the language; a host of that name has to be written "\\vlan".
    private static func words(of expression: String) -> [Substring] {
        expression.split { !($0.isLetter || $0.isNumber || "\\.-_".contains($0)) }
    }

    /// Whether the expression reads bytes by offset: such a filter sees the packet as it is.
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
