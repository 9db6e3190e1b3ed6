public import Protocols

/// An IPsec policy (`struct xfrm_userpolicy_info`, include/uapi/linux/xfrm.h).
public struct XfrmPolicy: Hashable, Sendable {
    /// XFRM_POLICY_IN and so on.
    public enum Direction: UInt8, Sendable {
        case `in`, out, fwd
    }

    public var selector: XfrmSelector
    /// nil for the policy of a socket.
    public var direction: Direction?
    public var priority: UInt32 = 0
    /// XFRM_POLICY_BLOCK
    public var blocks = false
    public var templates: [XfrmTemplate] = []
    public var mark: XfrmMark?
    /// The XFRM interface; nil if the policy is for none.
    public var interface: UInt32?
    /// XFRM_POLICY_TYPE_MAIN (0) or _SUB (1); nil if the kernel has only one type.
    public var type: UInt8?

    public init(selector: XfrmSelector, direction: Direction?) {
        (self.selector, self.direction) = (selector, direction)
    }

    init?(_ message: NetlinkMessage) {
        let newPolicy: UInt16 = 0x13
        let header = message.payload
        guard message.type == newPolicy, header.count >= 168, let selector = XfrmSelector(header),
            let direction: UInt8 = header.number(at: 160)
        else { return nil }
        self.init(selector: selector, direction: Direction(rawValue: direction))
        priority = header.number(at: 152) ?? 0
        blocks = header.number(at: 161, as: UInt8.self) == 1
        let attributes = NetlinkAttributes(header, after: 168)
        // XFRMA_TMPL, XFRMA_POLICY_TYPE, XFRMA_MARK, XFRMA_IF_ID
        templates = attributes[5].map(XfrmTemplate.all) ?? []
        type = attributes[16]?.first
        mark = attributes[21].flatMap(XfrmMark.init)
        interface = attributes.number(31)
    }
}

/// The protection that a policy wants (`struct xfrm_user_tmpl`).
public struct XfrmTemplate: Hashable, Sendable {
    public var source: IPAddress
    public var destination: IPAddress
    /// Security parameters index; 0 for any.
    public var index: UInt32 = 0
    /// 50 for ESP, 51 for AH, 108 for IPComp.
    public var ipProtocol: UInt8
    public var request: UInt32 = 0
    /// XFRM_MODE_TRANSPORT (0), _TUNNEL (1) and so on.
    public var mode: UInt8 = 0
    /// The protection may be left out (level `use`).
    public var isOptional = false

    public init(source: IPAddress, destination: IPAddress, ipProtocol: UInt8) {
        (self.source, self.destination, self.ipProtocol) = (source, destination, ipProtocol)
    }

    static func all(_ bytes: ArraySlice<UInt8>) -> [XfrmTemplate] {
        let size = 64
        return stride(from: 0, to: bytes.count, by: size).compactMap { start in
            bytes.bytes(at: start, count: size).flatMap { XfrmTemplate($0) }
        }
    }

    private init?(_ bytes: ArraySlice<UInt8>) {
        guard let family: UInt16 = bytes.number(at: 24), let proto: UInt8 = bytes.number(at: 20) else { return nil }
        let count = family == UInt16(AddressFamily.inet6.rawValue) ? 16 : 4
        guard let destination = bytes.bytes(at: 0, count: count).flatMap({ IPAddress($0) }),
            let source = bytes.bytes(at: 28, count: count).flatMap({ IPAddress($0) })
        else { return nil }
        self.init(source: source, destination: destination, ipProtocol: proto)
        index = bytes.number(at: 16).map { UInt32(bigEndian: $0) } ?? 0
        request = bytes.number(at: 44) ?? 0
        mode = bytes.number(at: 48) ?? 0
        isOptional = bytes.number(at: 50, as: UInt8.self).map { $0 != 0 } ?? false
    }
}

/// `ip xfrm policy show`. Needs CAP_NET_ADMIN.
public struct XfrmPolicies: NetlinkQuestion {
    public static let subject = "IPsec policies"

    public init() {}

    public var request: NetlinkRequest { NetlinkRequest(.xfrm, type: 0x15, isDump: true, header: []) }

    public func element(_ message: NetlinkMessage) -> XfrmPolicy? { XfrmPolicy(message) }
}
