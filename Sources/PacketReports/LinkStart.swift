import CaptureFiles
import Protocols

/// The first protocol of a packet, by its link type.
struct LinkStart {
    let number: ProtocolNumber
    let prefix: StaticString
    /// A line for packets of which no header is known.
    let words: StaticString?

    init(_ linkType: LinkType, _ bytes: RawSpan) {
        switch linkType {
        case .ethernet: (number, prefix, words) = (.link(linkType.rawValue), "ETH", nil)
        case .ipv4: (number, prefix, words) = (.etherType(EtherType.ipv4), "IP", nil)
        case .ipv6: (number, prefix, words) = (.etherType(EtherType.ipv6), "IP6", nil)
        case .ip:
            let isIPv6 = !bytes.isEmpty && bytes.byte(0) >> 4 == 6
            number = .etherType(isIPv6 ? EtherType.ipv6 : EtherType.ipv4)
            (prefix, words) = (isIPv6 ? "IP6" : "IP", nil)
        default:
            (number, prefix) = (.link(linkType.rawValue), "LINK")
            words = "packet of a link layer that is not decoded"
        }
    }
}
