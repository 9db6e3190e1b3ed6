/// A network device (`struct ifinfomsg`, include/uapi/linux/rtnetlink.h).
public struct Link: Hashable, Sendable {
    public var index: UInt32
    public var name: String
    /// IFF_UP and so on.
    public var flags: UInt32 = 0
    /// ARPHRD_ETHER and so on.
    public var hardwareType: UInt16 = 0
    public var mtu: UInt32?
    /// The link-layer address.
    public var address: [UInt8] = []
    /// Index of the bridge, bond or VRF to which the device belongs.
    public var master: UInt32?
    /// Index of the lower device, or of the other end of a veth pair.
    public var lower: UInt32?
    /// Number by which this namespace knows that of the lower device; nil if it is this one.
    public var lowerNamespace: Int32?
    public var queueLength: UInt32?
    public var promiscuity: UInt32?
    /// "vlan", "bridge" and so on; nil for physical devices.
    public var kind: String?
    /// The kind of the device to which this one belongs: "bridge", "bond", "vrf".
    public var portKind: String?
    public var settings = LinkSettings()
    /// Of ports of a bridge.
    public var bridgePort: BridgePort?
    /// Of ports of a bond: whether it is a backup (BOND_STATE_BACKUP).
    public var isBackup: Bool?
    public var xdp: [XDPAttachment] = []

    public enum Flags {
        public static let up: UInt32 = 0x1
        public static let lowerUp: UInt32 = 0x10000
    }

    public init(index: UInt32, name: String) {
        self.index = index
        self.name = name
    }

    init?(_ message: NetlinkMessage) {
        let newLink: UInt16 = 16
        let header = message.payload
        guard message.type == newLink, header.count >= 16, let index: UInt32 = header.number(at: 4),
            let flags: UInt32 = header.number(at: 8), let hardwareType: UInt16 = header.number(at: 2)
        else { return nil }
        let attributes = NetlinkAttributes(header, after: 16)
        guard let name = attributes.text(Attribute.name) else { return nil }
        self.init(index: index, name: name)
        (self.flags, self.hardwareType) = (flags, hardwareType)
        mtu = attributes.number(Attribute.mtu)
        address = attributes[Attribute.address].map(Array.init) ?? []
        master = attributes.number(Attribute.master)
        lower = attributes.number(Attribute.link).flatMap { $0 == 0 ? nil : $0 }
        lowerNamespace = attributes.number(Attribute.linkNamespace)
        queueLength = attributes.number(Attribute.queueLength)
        promiscuity = attributes.number(Attribute.promiscuity)
        xdp = attributes.nested(Attribute.xdp).map(XDPAttachment.all) ?? []
        guard let information = attributes.nested(Attribute.information) else { return }
        kind = information.text(Information.kind)
        portKind = information.text(Information.portKind)
        if let kind, let data = information.nested(Information.data) { settings = LinkSettings(data, of: kind) }
        guard let data = information.nested(Information.portData) else { return }
        if portKind == "bridge" { bridgePort = BridgePort(data) }
        let state: UInt16 = 1
        if portKind == "bond" { isBackup = data.number(state, as: UInt8.self).map { $0 == 1 } }
    }

    /// IFLA_ADDRESS and so on (include/uapi/linux/if_link.h).
    enum Attribute {
        static let address: UInt16 = 1
        static let name: UInt16 = 3
        static let mtu: UInt16 = 4
        static let link: UInt16 = 5
        static let master: UInt16 = 10
        static let queueLength: UInt16 = 13
        static let information: UInt16 = 18
        static let familySettings: UInt16 = 26
        static let extendedMask: UInt16 = 29
        static let promiscuity: UInt16 = 30
        static let linkNamespace: UInt16 = 37
        static let xdp: UInt16 = 43
    }

    /// IFLA_INFO_KIND and so on.
    private enum Information {
        static let kind: UInt16 = 1
        static let data: UInt16 = 2
        static let portKind: UInt16 = 4
        static let portData: UInt16 = 5
    }
}

/// A device by its index or name. Refused with ENODEV if there is none.
public struct LinkQuery: NetlinkQuestion {
    /// 0 if the name is given.
    public let index: UInt32
    /// Empty if the index is given.
    public let name: String

    public init(index: UInt32) {
        self.index = index
        name = ""
    }

    public init(name: String) {
        index = 0
        self.name = name
    }

    public static let subject = "devices"

    public var request: NetlinkRequest {
        var request = NetlinkRequest(link: index, isDump: false)
        if !name.isEmpty { request.add(Link.Attribute.name, Array(name.utf8) + [0]) }
        return request
    }

    public func element(_ message: NetlinkMessage) -> Link? { Link(message) }
}

/// All devices.
public struct Links: NetlinkQuestion {
    public static let subject = "devices"

    public init() {}

    public var request: NetlinkRequest { NetlinkRequest(link: 0, isDump: true) }

    public func element(_ message: NetlinkMessage) -> Link? { Link(message) }
}

extension NetlinkRequest {
    /// RTM_GETLINK without counters.
    init(link index: UInt32, isDump: Bool) {
        let withoutStatistics: UInt32 = 8
        var header = [UInt8](repeating: 0, count: 4)
        header.append(number: index)
        header += [UInt8](repeating: 0, count: 8)
        self.init(.route, type: 18, isDump: isDump, header: header)
        add(Link.Attribute.extendedMask, number: withoutStatistics)
    }
}
