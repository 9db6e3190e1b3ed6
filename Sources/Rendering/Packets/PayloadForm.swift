/// How the bytes of packets are shown: tcpdump's `-x`, `-X` and `-A`.
public struct PayloadForm: Sendable, Equatable {
    public enum Style: Sendable {
        /// `0x0000:  4500 0054`.
        case hex
        /// The same, and the printable characters beside it.
        case hexAndText
        /// The characters alone, with the packet's own line ends and tabs.
        case text
    }

    public var style: Style
    /// Whether the link layer's header is shown, too (`-xx`).
    public var fromLink: Bool
    /// Maximum number of bytes of one packet, counted from the first recorded one.
    public var limit: Int

    public init(style: Style, fromLink: Bool = false, limit: Int = .max) {
        self.style = style
        self.fromLink = fromLink
        self.limit = limit
    }
}
