public import Protocols

/// Settings of a device that depend on its kind (IFLA_INFO_DATA). Settings that the kind does not have are nil or false.
public struct LinkSettings: Hashable, Sendable {
    /// VLAN, or network identifier of VXLAN and Geneve.
    public var identifier: UInt32?
    /// UDP port of VXLAN and Geneve.
    public var port: UInt16?
    /// The device serves all networks; a program or a bridge sets them (COLLECT_METADATA).
    public var isExternal = false
    public var macvlanMode: MacvlanMode?
    /// Of a macvlan device in mode source: the link-layer addresses of the senders that it accepts.
    public var senders: [[UInt8]]?
    /// Ends of a tunnel. Unspecified addresses and groups are left out.
    public var local: IPAddress?
    public var remote: IPAddress?
    public var inputKey: UInt32?
    /// Received packets must have checksums, and sequence numbers (GRE).
    public var expectsChecksum = false
    public var expectsSequence = false
    /// Of bridges.
    public var filtersVLANs = false
    public var snoopsMulticast = false

    /// MACVLAN_MODE_PRIVATE and so on.
    public enum MacvlanMode: UInt32, Sendable {
        case `private` = 1
        case vepa = 2
        case bridge = 4
        case passthru = 8
        case source = 16
    }

    public init() {}

    /// - Parameter kind: names of attributes are those of include/uapi/linux/if_link.h and if_tunnel.h.
    init(_ data: NetlinkAttributes, of kind: String) {
        switch kind {
        case "vlan": identifier = data.number(1, as: UInt16.self).map { UInt32($0) }
        case "vxlan": readVXLAN(data)
        case "geneve": readGeneve(data)
        case "gre", "gretap", "erspan", "ip6gre", "ip6gretap", "ip6erspan": readGRE(data)
        case "ipip", "sit", "ip6tnl": readIPTunnel(data)
        case "vti", "vti6":
            setEnds(local: data.address(4), remote: data.address(5))
            inputKey = data.bigEndian(2, as: UInt32.self).flatMap { $0 == 0 ? nil : $0 }
        case "macvlan", "macvtap": readMacvlan(data)
        case "bridge":
            filtersVLANs = data.number(7, as: UInt8.self) == 1
            snoopsMulticast = data.number(23, as: UInt8.self) == 1
        default: break
        }
    }

    /// IFLA_VXLAN_ID, _GROUP, _LOCAL, _PORT, _GROUP6, _LOCAL6, _COLLECT_METADATA
    private mutating func readVXLAN(_ data: NetlinkAttributes) {
        identifier = data.number(1)
        setEnds(local: data.address(4) ?? data.address(17), remote: data.address(2) ?? data.address(16))
        port = data.bigEndian(15)
        isExternal = Self.isSet(data[25])
    }

    /// IFLA_GENEVE_ID, _REMOTE, _PORT, _COLLECT_METADATA, _REMOTE6
    private mutating func readGeneve(_ data: NetlinkAttributes) {
        identifier = data.number(1)
        setEnds(local: nil, remote: data.address(2) ?? data.address(7))
        port = data.bigEndian(5)
        isExternal = Self.isSet(data[6])
    }

    /// IFLA_GRE_IFLAGS, _IKEY, _LOCAL, _REMOTE, _COLLECT_METADATA
    private mutating func readGRE(_ data: NetlinkAttributes) {
        let flags: UInt16 = data.bigEndian(2) ?? 0
        let (checksum, key, sequence): (UInt16, UInt16, UInt16) = (0x8000, 0x2000, 0x1000)
        expectsChecksum = flags & checksum != 0
        expectsSequence = flags & sequence != 0
        if flags & key != 0 { inputKey = data.bigEndian(4) }
        setEnds(local: data.address(6), remote: data.address(7))
        isExternal = Self.isSet(data[18])
    }

    /// IFLA_IPTUN_LOCAL, _REMOTE, _COLLECT_METADATA
    private mutating func readIPTunnel(_ data: NetlinkAttributes) {
        setEnds(local: data.address(2), remote: data.address(3))
        isExternal = Self.isSet(data[19])
    }

    /// IFLA_MACVLAN_MODE, _MACADDR_DATA with several _MACADDR
    private mutating func readMacvlan(_ data: NetlinkAttributes) {
        macvlanMode = data.number(1, as: UInt32.self).flatMap { MacvlanMode(rawValue: $0) }
        let address: UInt16 = 4
        senders = data.nested(5).map { all in all.filter { $0.type == address }.map { Array($0.payload) } }
    }

    private mutating func setEnds(local: IPAddress?, remote: IPAddress?) {
        self.local = local.flatMap { $0.isUnspecified ? nil : $0 }
        self.remote = remote.flatMap { $0.isUnspecified || $0.isMulticast ? nil : $0 }
    }

    /// An attribute without a value, or with one that is not 0.
    private static func isSet(_ payload: ArraySlice<UInt8>?) -> Bool {
        payload.map { $0.isEmpty || $0.first != 0 } ?? false
    }
}

/// An XDP program on a device (IFLA_XDP).
public struct XDPAttachment: Hashable, Sendable {
    /// XDP_ATTACHED_DRV (1), _SKB (2) or _HW (3).
    public var mode: UInt8
    public var program: UInt32

    public init(mode: UInt8, program: UInt32) {
        self.mode = mode
        self.program = program
    }

    static func all(_ attributes: NetlinkAttributes) -> [XDPAttachment] {
        let several: UInt8 = 4
        guard let mode = attributes.number(2, as: UInt8.self), mode != 0 else { return [] }
        if mode == several {
            // IFLA_XDP_DRV_PROG_ID, _SKB_PROG_ID, _HW_PROG_ID
            return (1...3).compactMap { mode in
                attributes.number(4 + UInt16(mode)).map { XDPAttachment(mode: mode, program: $0) }
            }
        }
        return attributes.number(4).map { [XDPAttachment(mode: mode, program: $0)] } ?? []
    }
}

/// Settings of a bridge's port (IFLA_BRPORT_STATE and so on). Settings that the kernel does not know are nil.
public struct BridgePort: Hashable, Sendable {
    /// BR_STATE_DISABLED and so on (include/uapi/linux/if_bridge.h).
    public enum State: UInt8, Sendable {
        case disabled, listening, learning, forwarding, blocking
    }

    public var state: State?
    public var hairpin: Bool?
    public var flood: Bool?
    public var isolated: Bool?
    public var locked: Bool?

    public init() {}

    init(_ attributes: NetlinkAttributes) {
        func isOn(_ type: UInt16) -> Bool? { attributes.number(type, as: UInt8.self).map { $0 != 0 } }
        state = attributes.number(1, as: UInt8.self).flatMap { State(rawValue: $0) }
        (hairpin, flood, isolated, locked) = (isOn(4), isOn(9), isOn(33), isOn(39))
    }
}
