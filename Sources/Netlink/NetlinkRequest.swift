/// Netlink protocols (include/uapi/linux/netlink.h).
public enum NetlinkProtocol: Int32, Hashable, Sendable {
    case route = 0
    case socketDiagnosis = 4
    case xfrm = 6
}

/// A request without its header's variable fields.
public struct NetlinkRequest: Sendable {
    public let netlinkProtocol: NetlinkProtocol
    let type: UInt16
    let isDump: Bool
    /// The fixed header of the message's family, followed by attributes.
    private(set) var body: [UInt8]

    private static let flagRequest: UInt16 = 0x01
    /// NLM_F_ROOT | NLM_F_MATCH
    private static let flagDump: UInt16 = 0x300

    init(_ netlinkProtocol: NetlinkProtocol, type: UInt16, isDump: Bool, header: [UInt8]) {
        self.netlinkProtocol = netlinkProtocol
        self.type = type
        self.isDump = isDump
        body = header
        body.alignToFour()
    }

    mutating func add(_ type: UInt16, _ payload: [UInt8]) {
        body.append(number: UInt16(4 + payload.count))
        body.append(number: type)
        body += payload
        body.alignToFour()
    }

    mutating func add(_ type: UInt16, number: some FixedWidthInteger) {
        var payload: [UInt8] = []
        payload.append(number: number)
        add(type, payload)
    }

    func encoded(sequence: UInt32) -> [UInt8] {
        var bytes: [UInt8] = []
        bytes.append(number: UInt32(NetlinkMessage.headerSize + body.count))
        bytes.append(number: type)
        bytes.append(number: Self.flagRequest | (isDump ? Self.flagDump : 0))
        bytes.append(number: sequence)
        bytes.append(number: UInt32(0))
        return bytes + body
    }
}
