public import CaptureFiles
public import Protocols

extension LinkType {
    /// The number that announces the first header of a packet.
    public func first(_ bytes: RawSpan) -> ProtocolNumber {
        switch self {
        case .ip:
            // The version decides.
            bytes.bits(.init(0, 4)) == 6 ? .etherType(0x86dd) : .etherType(0x0800)
        case .ipv4: .etherType(0x0800)
        case .ipv6: .etherType(0x86dd)
        default: .link(rawValue)
        }
    }

    /// The name of the protocol of the first header, whose scope a filter begins in; nil if nothing decodes it.
    public var protocolName: String? {
        switch self {
        case .ip, .ipv4: "ip"
        case .ipv6: "ip6"
        default: ProtocolTable.find(.link(rawValue))?.name
        }
    }
}
