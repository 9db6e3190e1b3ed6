public import Protocols

/// An entry of a neighbour table or of the forwarding database of a bridge or VXLAN device (`struct ndmsg`,
/// include/uapi/linux/neighbour.h).
public struct Neighbour: Hashable, Sendable {
    public var device: UInt32
    /// NUD_REACHABLE and so on.
    public var state: UInt16 = 0
    /// NTF_SELF and so on.
    public var flags: UInt8 = 0
    /// NTF_EXT_LOCKED and so on.
    public var extendedFlags: UInt32 = 0
    /// The neighbour, or the remote end of a VXLAN device.
    public var address: IPAddress?
    public var linkAddress: [UInt8] = []
    public var vlan: UInt16?
    /// Index of the bridge.
    public var master: UInt32?

    /// Bits of `state`, in the order in which ip(8) prints them.
    public enum State: UInt16, CaseIterable, Sendable {
        case incomplete = 0x01
        case reachable = 0x02
        case stale = 0x04
        case delay = 0x08
        case probe = 0x10
        case failed = 0x20
        case noarp = 0x40
        case permanent = 0x80
    }

    public enum Flags {
        /// NTF_EXT_LOCKED, in `extendedFlags`.
        public static let locked: UInt32 = 2
    }

    public var states: [State] { State.allCases.filter { state & $0.rawValue != 0 } }

    public init(device: UInt32) {
        self.device = device
    }

    init?(_ message: NetlinkMessage) {
        let newNeighbour: UInt16 = 28
        let header = message.payload
        guard message.type == newNeighbour, header.count >= 12, let device: UInt32 = header.number(at: 4),
            let state: UInt16 = header.number(at: 8), let flags: UInt8 = header.number(at: 10)
        else { return nil }
        self.init(device: device)
        (self.state, self.flags) = (state, flags)
        let attributes = NetlinkAttributes(header, after: 12)
        address = attributes.address(Attribute.destination)
        linkAddress = attributes[Attribute.linkAddress].map(Array.init) ?? []
        vlan = attributes.number(Attribute.vlan)
        master = attributes.number(Attribute.master)
        extendedFlags = attributes.number(Attribute.extendedFlags) ?? 0
    }

    /// NDA_DST and so on.
    enum Attribute {
        static let destination: UInt16 = 1
        static let linkAddress: UInt16 = 2
        static let vlan: UInt16 = 5
        static let interface: UInt16 = 8
        static let master: UInt16 = 9
        static let extendedFlags: UInt16 = 15
    }
}

/// The neighbours of a device, of both families.
public struct Neighbours: NetlinkQuestion {
    public static let subject = "neighbours"
    public let device: UInt32

    public init(on device: UInt32) {
        self.device = device
    }

    public var request: NetlinkRequest {
        var request = NetlinkRequest(.route, type: 30, isDump: true, header: [UInt8](repeating: 0, count: 12))
        request.add(Neighbour.Attribute.interface, number: device)
        return request
    }

    /// Kernels without the filter list all devices.
    public func element(_ message: NetlinkMessage) -> Neighbour? {
        guard message.payload.first != AddressFamily.bridge.rawValue else { return nil }
        return Neighbour(message).flatMap { $0.device == device ? $0 : nil }
    }
}

/// The forwarding database of a bridge, or of a device itself, such as a VXLAN device.
public struct ForwardingEntries: NetlinkQuestion {
    public static let subject = "forwarding databases"
    /// The bridge; 0 if a device is meant.
    public let bridge: UInt32
    /// The device; 0 if a bridge is meant.
    public let device: UInt32

    public init(ofBridge bridge: UInt32) {
        self.bridge = bridge
        device = 0
    }

    public init(ofDevice device: UInt32) {
        bridge = 0
        self.device = device
    }

    public var request: NetlinkRequest {
        let header = [AddressFamily.bridge.rawValue] + [UInt8](repeating: 0, count: 11)
        var request = NetlinkRequest(.route, type: 30, isDump: true, header: header)
        if bridge != 0 { request.add(Neighbour.Attribute.master, number: bridge) }
        if device != 0 { request.add(Neighbour.Attribute.interface, number: device) }
        return request
    }

    public func element(_ message: NetlinkMessage) -> Neighbour? {
        guard message.payload.first == AddressFamily.bridge.rawValue, let entry = Neighbour(message) else { return nil }
        return bridge != 0 ? (entry.master == bridge ? entry : nil) : entry.device == device ? entry : nil
    }
}
