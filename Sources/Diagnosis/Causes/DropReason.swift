/// A drop reason of a kernel version, with its meaning.
public struct DropReason: Sendable, Equatable {
    /// As the kernel spells it: "SKB_DROP_REASON_NO_SOCKET", "QDISC_DROP_OVERLIMIT".
    public let name: String
    public let meaning: String
    /// Slug of the cause that it means.
    public let cause: String
    /// True if packets get it in normal operation, on a network without faults.
    public let isNormal: Bool

    /// Without the prefix that almost all reasons have.
    public var shortName: String { Self.shortName(name) }

    /// The name in nettrace's output: without `SKB_DROP_REASON_`, and without the leading underscores of mac80211's
    /// second spelling (___RX_DROP_U_DUP).
    public static func shortName(_ name: String) -> String {
        let prefix = "SKB_DROP_REASON_"
        return String(name.hasPrefix(prefix) ? name.dropFirst(prefix.count) : name.drop { $0 == "_" })
    }

    /// A key that is equal for all spellings of a reason, in upper or lower case.
    static func key(_ name: String) -> String { shortName(name.uppercased()) }
}
