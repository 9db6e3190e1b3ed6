/// The type of the first header of a packet, as a LINKTYPE_ number of capture files.
public struct LinkType: RawRepresentable, Hashable, Sendable {
    public let rawValue: UInt16

    public init(rawValue: UInt16) {
        self.rawValue = rawValue
    }

    /// The header is a 4-byte address family in the byte order of the machine that wrote it.
    public static let null = LinkType(rawValue: 0)
    public static let ethernet = LinkType(rawValue: 1)
    public static let tokenRing = LinkType(rawValue: 6)
    public static let fddi = LinkType(rawValue: 10)
    /// IPv4 or IPv6 without a link header; the version field says which.
    public static let ip = LinkType(rawValue: 101)
    /// As `null`, in network byte order.
    public static let loop = LinkType(rawValue: 108)
    /// Linux cooked captures.
    public static let linuxSLL = LinkType(rawValue: 113)
    public static let ipv4 = LinkType(rawValue: 228)
    public static let ipv6 = LinkType(rawValue: 229)
    public static let linuxSLL2 = LinkType(rawValue: 276)
    /// The file names a link type that has no LINKTYPE_ number.
    public static let unknown = LinkType(rawValue: .max)

    /// - Parameter fileValue: the field of a pcap header, whose upper bits describe frame check sequences. Some systems
    ///   write their own number for packets without a link header (DLT_RAW: 12, on OpenBSD 14).
    init(pcap fileValue: UInt32) {
        let value = UInt16(truncatingIfNeeded: fileValue)
        self = value == 12 || value == 14 ? .ip : LinkType(rawValue: value)
    }
}
