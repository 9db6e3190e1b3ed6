/// Maps lookup keys to positions in the catalog's lists.
struct CauseIndex: Sendable {
    struct Place: Hashable {
        /// `DropReason.key`.
        let reason: String
        let location: String
    }

    struct Result: Hashable {
        let tracer: String
        let value: Int64
    }

    var causeBySlug: [String: Int] = [:]
    var reasonByKey: [String: Int] = [:]
    var causesByLocation: [String: [Int]] = [:]
    /// The kind of packets (nil for all) and the cause.
    var causesByPlace: [Place: [(kind: PacketKind?, cause: Int)]] = [:]
    var causeByResult: [Result: Int] = [:]

    /// The function's name in the source, without the offset (ip_error+0x4c) and without suffixes of the compiler
    /// (ip_expire.constprop.0).
    static func function(_ symbol: String) -> String {
        String(symbol.prefix { $0 != "+" && $0 != "." })
    }
}
