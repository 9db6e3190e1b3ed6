public import Protocols

/// How packets are shown.
public struct DisplayOptions: Sendable {
    /// Which fields: `-v`, `-vv`, `-vvv`.
    public var detail = ProtocolField.Detail.brief
    /// `-x`: a dump of the data that no protocol interprets.
    public var dumpsData = false
    /// `-d`: a dump of the whole packet, and no fields.
    public var dumpsPackets = false
    /// `-h`: protocols whose headers are dumped.
    public var dumped: Set<String> = []
    /// `-n`: protocols whose headers are not shown.
    public var hidden: Set<String> = []
    public var protocols = ProtocolOptions()
    /// Times of day of Greenwich instead of those of this machine's time zone.
    public var isUTC = false

    public init() {}
}
