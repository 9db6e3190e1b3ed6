public import Protocols

/// An IPsec security association (`struct xfrm_usersa_info`, include/uapi/linux/xfrm.h).
public struct XfrmState: Hashable, Sendable {
    public var destination: IPAddress
    /// 50 for ESP, 51 for AH, 108 for IPComp.
    public var ipProtocol: UInt8
    /// Security parameters index.
    public var index: UInt32
    public var refusals = Refusals()

    /// Numbers of refused packets (`struct xfrm_stats`).
    public struct Refusals: Hashable, Sendable {
        /// Packets before the replay window.
        public var replayWindow: UInt32 = 0
        /// Packets that had come before.
        public var replay: UInt32 = 0
        public var integrityFailed: UInt32 = 0

        public init() {}
    }

    public init(destination: IPAddress, ipProtocol: UInt8, index: UInt32) {
        (self.destination, self.ipProtocol, self.index) = (destination, ipProtocol, index)
    }

    init?(_ message: NetlinkMessage) {
        let newState: UInt16 = 0x10
        let header = message.payload
        guard message.type == newState, header.count >= 224, let family: UInt16 = header.number(at: 212),
            let index: UInt32 = header.number(at: 72), let proto: UInt8 = header.number(at: 76)
        else { return nil }
        let count = family == UInt16(AddressFamily.inet6.rawValue) ? 16 : 4
        guard let destination = header.bytes(at: 56, count: count).flatMap({ IPAddress($0) }) else { return nil }
        self.init(destination: destination, ipProtocol: proto, index: UInt32(bigEndian: index))
        refusals.replayWindow = header.number(at: 192) ?? 0
        refusals.replay = header.number(at: 196) ?? 0
        refusals.integrityFailed = header.number(at: 200) ?? 0
    }
}

/// `ip -s xfrm state show`. Needs CAP_NET_ADMIN.
public struct XfrmStates: NetlinkQuestion {
    public static let subject = "IPsec associations"

    public init() {}

    public var request: NetlinkRequest { NetlinkRequest(.xfrm, type: 0x12, isDump: true, header: []) }

    public func element(_ message: NetlinkMessage) -> XfrmState? { XfrmState(message) }
}
