/// An address of this machine (`struct ifaddrmsg`, include/uapi/linux/if_addr.h).
public struct InterfaceAddress: Hashable, Sendable {
    public var device: UInt32
    /// The address itself, not the peer's.
    public var local: IPPrefix
    /// RT_SCOPE_HOST (254) and so on.
    public var scope: UInt8 = 0
    public var flags: UInt32 = 0

    public enum Flags {
        public static let dadFailed: UInt32 = 0x08
        public static let tentative: UInt32 = 0x40
    }

    public init(device: UInt32, local: IPPrefix) {
        self.device = device
        self.local = local
    }

    init?(_ message: NetlinkMessage) {
        let newAddress: UInt16 = 20
        guard message.type == newAddress, let header = message.payload.bytes(at: 0, count: 8),
            let fields = header.bytes(at: 1, count: 3).map(Array.init), let device: UInt32 = header.number(at: 4)
        else { return nil }
        let attributes = NetlinkAttributes(message.payload, after: 8)
        let (address, local, flags): (UInt16, UInt16, UInt16) = (1, 2, 8)
        guard let own = attributes.address(local) ?? attributes.address(address),
            let prefix = IPPrefix(own, length: Int(fields[0]))
        else { return nil }
        self.init(device: device, local: prefix)
        scope = fields[2]
        self.flags = attributes.number(flags) ?? UInt32(fields[1])
    }
}

/// The addresses of all devices, of one family.
public struct InterfaceAddresses: NetlinkQuestion {
    public static let subject = "addresses"
    private let family: UInt8

    public init(isIPv6: Bool) {
        family = (isIPv6 ? AddressFamily.inet6 : .inet).rawValue
    }

    public var isIPv6: Bool { family == AddressFamily.inet6.rawValue }

    public var request: NetlinkRequest {
        NetlinkRequest(.route, type: 22, isDump: true, header: [family] + [UInt8](repeating: 0, count: 7))
    }

    public func element(_ message: NetlinkMessage) -> InterfaceAddress? { InterfaceAddress(message) }
}
