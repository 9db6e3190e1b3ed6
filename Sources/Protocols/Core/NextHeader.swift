/// A number by which a header announces the next one.
public enum ProtocolNumber: Hashable, Sendable {
    /// LINKTYPE_ of capture files: 1 for Ethernet.
    case link(UInt16)
    case etherType(UInt16)
    case ipProtocol(UInt8)
    /// A next header that only IPv6 has.
    case extensionHeader(UInt8)
    /// After the length of an IEEE 802.3 frame; after the extension of such headers; to bridges; the number of PPP.
    case llc, snap, bridge, ppp
    /// One of the two ports.
    case tcpPort(UInt16), udpPort(UInt16)
    /// The destination port, of tunnels whose source port is arbitrary.
    case udpDestination(UInt16)
    /// A program of Sun RPC.
    case rpcProgram(UInt32)
    /// A type of a maker of devices, after the extension of IEEE 802.2 headers.
    case organization(UInt32, UInt16)
    /// A message of netlink, after the header of a capture of them; one after a header with its length (RFC 1035,
    /// section 4.2.2; SMB).
    case netlinkMessage, dnsMessage, smbMessage
    /// After another packet of QUIC in the same datagram.
    case quicPacket
    /// No header: data, of which only the length is known.
    case data

    /// The number that announces the first header of a packet in a capture file.
    ///
    /// - Parameter linkType: a LINKTYPE_ number; for raw IP (101, 228, 229) there is no link header.
    public static func first(ofLinkType linkType: UInt16, _ bytes: RawSpan) -> ProtocolNumber {
        switch linkType {
        case 101: bytes.bits(.init(0, 4)) == 6 ? .etherType(EtherType.ipv6) : .etherType(EtherType.ipv4)
        case 228: .etherType(EtherType.ipv4)
        case 229: .etherType(EtherType.ipv6)
        default: .link(linkType)
        }
    }
}

/// The layer after a header.
struct NextHeader {
    let number: ProtocolNumber
    /// Others that count if the bytes are of no protocol with the number before, in the order of preference.
    let second: ProtocolNumber?
    let third: ProtocolNumber?
    /// Bytes on the wire after the header that belong to its payload; nil for all.
    let length: Int?
    /// The beginning of another packet, which an ICMP error quotes.
    let isQuote: Bool

    init(
        _ number: ProtocolNumber, _ second: ProtocolNumber? = nil, _ third: ProtocolNumber? = nil, length: Int? = nil,
        isQuote: Bool = false
    ) {
        self.number = number
        self.second = second
        self.third = third
        self.length = length
        self.isQuote = isQuote
    }

    /// The same protocols, of which nothing says how long their packet is.
    var withoutLength: NextHeader { NextHeader(number, second, third, isQuote: isQuote) }

    /// The place of the first protocol that recognises the bytes; nil for data.
    func place(_ header: borrowing HeaderBytes, _ assignments: PortAssignments) -> Int? {
        if !assignments.isEmpty {
            let assigned =
                assignments[number] ?? second.flatMap { assignments[$0] } ?? third.flatMap { assignments[$0] }
            if let assigned, ProtocolTable.all[assigned].recognises(header) { return assigned }
        }
        return ProtocolTable.place(of: number, header) ?? second.flatMap { ProtocolTable.place(of: $0, header) }
            ?? third.flatMap { ProtocolTable.place(of: $0, header) }
    }
}
