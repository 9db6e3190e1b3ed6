import CaptureFiles
import Protocols

/// The first protocol of a packet, by its link type.
struct LinkStart {
    let number: ProtocolNumber
    let prefix: StaticString
    /// A line for packets of which no header is known.
    let words: StaticString?

    init(_ linkType: LinkType, _ bytes: RawSpan) {
        number = .first(ofLinkType: linkType.rawValue, bytes)
        switch number {
        case .etherType(EtherType.ipv4): (prefix, words) = ("IP", nil)
        case .etherType: (prefix, words) = ("IP6", nil)
        case .link(LinkType.ethernet.rawValue): (prefix, words) = ("ETH", nil)
        default: (prefix, words) = ("LINK", "packet of a link layer that is not decoded")
        }
    }
}
