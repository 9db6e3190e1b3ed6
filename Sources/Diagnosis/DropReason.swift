/// A drop reason of some kernel, and what it means.
public struct DropReason: Sendable, Equatable {
    /// As the kernel spells it: "SKB_DROP_REASON_NO_SOCKET", "QDISC_DROP_OVERLIMIT".
    public let name: String
    public let meaning: String
    /// Slug of the cause that it stands for.
    public let cause: String
    /// Packets get it in normal operation, on a network without faults: noise for whoever looks for losses.
    public let isNormal: Bool

    /// Without the prefix that almost all have.
    public var shortName: String { Self.shortName(name) }

    /// What a reason is called in our output: without `SKB_DROP_REASON_`, and without the underscores in front of
    /// mac80211's second spelling (___RX_DROP_U_DUP).
    public static func shortName(_ name: String) -> String {
        let prefix = "SKB_DROP_REASON_"
        return String(name.hasPrefix(prefix) ? name.dropFirst(prefix.count) : name.drop { $0 == "_" })
    }

    /// Equal for all spellings of one reason, upper or lower case.
    static func key(_ name: String) -> String { shortName(name.uppercased()) }
}
