public import CaptureFiles
import Protocols

extension LinkType {
    /// The name of the protocol of the first header, whose scope a filter begins in; nil if nothing decodes it.
    public var protocolName: String? {
        switch self {
        case .ip, .ipv4: "ip"
        case .ipv6: "ip6"
        default: ProtocolTable.find(.link(rawValue))?.name
        }
    }
}
