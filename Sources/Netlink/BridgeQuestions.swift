public import Protocols

/// The VLANs of a bridge's port, or of the bridge itself.
public struct VLANMembership: Hashable, Sendable {
    public var device: UInt32
    public var ranges: [Range]

    public struct Range: Hashable, Sendable {
        public var vlans: ClosedRange<UInt16>
        /// Untagged frames belong to this VLAN (BRIDGE_VLAN_INFO_PVID).
        public var isForUntagged: Bool

        public init(vlans: ClosedRange<UInt16>, isForUntagged: Bool) {
            self.vlans = vlans
            self.isForUntagged = isForUntagged
        }
    }

    public init(device: UInt32, ranges: [Range]) {
        self.device = device
        self.ranges = ranges
    }

    init?(_ message: NetlinkMessage) {
        let newLink: UInt16 = 16
        guard message.type == newLink, message.payload.count >= 16,
            message.payload.first == AddressFamily.bridge.rawValue, let device: UInt32 = message.payload.number(at: 4),
            let settings = NetlinkAttributes(message.payload, after: 16).nested(Link.Attribute.familySettings)
        else { return nil }
        self.init(device: device, ranges: [])
        let vlanInformation: UInt16 = 2
        let (pvid, begin, end): (UInt16, UInt16, UInt16) = (2, 8, 16)
        var first: UInt16?
        for (type, payload) in settings where type == vlanInformation {
            guard let flags: UInt16 = payload.number(), let vlan: UInt16 = payload.number(at: 2) else { continue }
            if flags & begin != 0 {
                first = vlan
                continue
            }
            let start = flags & end != 0 ? first ?? vlan : vlan
            first = nil
            if start <= vlan { ranges.append(Range(vlans: start...vlan, isForUntagged: flags & pvid != 0)) }
        }
    }
}

/// The VLANs of all bridges and their ports (`bridge vlan show`).
public struct VLANMemberships: NetlinkQuestion {
    public static let subject = "VLANs of bridges"

    public init() {}

    public var request: NetlinkRequest {
        let compressedVLANs: UInt32 = 4
        var request = NetlinkRequest(
            .route, type: 18, isDump: true,
            header: [AddressFamily.bridge.rawValue] + [UInt8](repeating: 0, count: 15))
        request.add(Link.Attribute.extendedMask, number: compressedVLANs)
        return request
    }

    public func element(_ message: NetlinkMessage) -> VLANMembership? { VLANMembership(message) }
}

/// The multicast groups of a bridge (`struct br_port_msg`), each with the index of a port that has joined it.
public struct MulticastGroups: NetlinkQuestion {
    public static let subject = "multicast groups of bridges"
    public let bridge: UInt32

    public struct Entry: Hashable, Sendable {
        public var port: UInt32
        public var group: IPAddress

        public init(port: UInt32, group: IPAddress) {
            self.port = port
            self.group = group
        }
    }

    public init(of bridge: UInt32) {
        self.bridge = bridge
    }

    public var request: NetlinkRequest {
        NetlinkRequest(
            .route, type: 86, isDump: true, header: [AddressFamily.bridge.rawValue] + [UInt8](repeating: 0, count: 7))
    }

    public func element(_ message: NetlinkMessage) -> [Entry]? {
        // RTM_GETMDB, RTM_NEWMDB
        guard message.type == 84 || message.type == 86, message.payload.number(at: 4, as: UInt32.self) == bridge else {
            return nil
        }
        // MDBA_MDB, MDBA_MDB_ENTRY and MDBA_MDB_ENTRY_INFO are all 1.
        let nest: UInt16 = 1
        let groups = NetlinkAttributes(message.payload, after: 8).filter { $0.type == nest }
        let entries = groups.flatMap { NetlinkAttributes($0.payload).filter { $0.type == nest } }
        return entries.flatMap { NetlinkAttributes($0.payload).filter { $0.type == nest } }
            .compactMap { Self.entry($0.payload) }
    }

    /// `struct br_mdb_entry`
    private static func entry(_ payload: ArraySlice<UInt8>) -> Entry? {
        guard let port: UInt32 = payload.number(), let type = payload.number(at: 24, as: UInt16.self) else {
            return nil
        }
        let count = [UInt16(0x0800).bigEndian: 4, UInt16(0x86dd).bigEndian: 16][type]
        return count.flatMap { payload.bytes(at: 8, count: $0) }.flatMap { IPAddress($0) }
            .map { Entry(port: port, group: $0) }
    }
}
