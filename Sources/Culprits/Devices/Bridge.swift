import Diagnosis
import Netlink
import Protocols

/// A bridge: its ports, forwarding database and VLANs.
struct Bridge {
    struct Port {
        var ifname: String
        /// "forwarding", "learning", "listening", "blocking", "disabled".
        var state: String?
        var hairpin: Bool?
        var flood: Bool?
        var isolated: Bool?
        var locked: Bool?
    }

    /// An entry of the forwarding database.
    struct Entry {
        var mac: String
        var ifname: String?
        var vlan: Int?
        var master: String
        var isLocked: Bool
        /// "permanent" for an address of the bridge itself.
        var state: String

        var text: String {
            "\(mac) dev \(ifname ?? "?") master \(master)" + (vlan.map { " vlan \($0)" } ?? "")
                + (state.isEmpty ? "" : " \(state)")
        }
    }

    let name: String
    let index: UInt32
    let isUp: Bool
    let ports: [Port]
    let entries: [Entry]
    let filtersVLANs: Bool
    let snoopsMulticast: Bool
    /// By the name of a port, or of the bridge itself.
    private let memberships: [String: [VLANMembership.Range]]

    /// Finds the bridge of a port, or the bridge itself. Returns nil if the device is no longer either.
    init?(of device: String, in namespace: any NamespaceView) throws(InspectionFailure) {
        guard let link = try namespace.answer(to: LinkQuery(name: device)),
            let index = link.portKind == "bridge" ? link.master : link.kind == "bridge" ? link.index : nil,
            let bridge = try namespace.answer(to: LinkQuery(index: index))
        else { return nil }
        let links = try namespace.all(Links()).filter { $0.master == index }
        let names = Dictionary((links + [bridge]).map { ($0.index, $0.name) }) { $1 }
        (name, self.index) = (bridge.name, index)
        isUp = bridge.flags & Link.Flags.up != 0
        ports = links.map(Port.init)
        entries = try namespace.all(ForwardingEntries(ofBridge: index)).map { entry in
            Entry(entry, ifname: names[entry.device], master: bridge.name)
        }
        filtersVLANs = bridge.settings.filtersVLANs
        snoopsMulticast = bridge.settings.snoopsMulticast
        let all = filtersVLANs ? try namespace.all(VLANMemberships()) : []
        memberships = Dictionary(all.compactMap { entry in names[entry.device].map { ($0, entry.ranges) } }) { $0 + $1 }
    }

    func port(_ name: String) -> Port? { ports.first { $0.ifname == name } }

    /// Whether a port, or the bridge itself, is in the VLAN.
    func holds(_ vlan: Int, at device: String) -> Bool {
        (memberships[device] ?? []).contains { range in UInt16(exactly: vlan).map { range.vlans ~= $0 } ?? false }
    }

    /// The VLAN of untagged frames (PVID).
    func untaggedVLAN(at device: String) -> Int? {
        memberships[device]?.first { $0.isForUntagged }.map { Int($0.vlans.lowerBound) }
    }

    func entry(for address: String, vlan: Int?) -> Entry? {
        let matching = entries.filter { $0.mac == address }
        guard filtersVLANs else { return matching.first { $0.vlan == nil } ?? matching.first }
        return matching.first { $0.vlan == vlan }
    }
}

extension Bridge.Port {
    fileprivate init(_ link: Link) {
        let settings = link.bridgePort
        self.init(
            ifname: link.name, state: settings?.state.map { "\($0)" }, hairpin: settings?.hairpin,
            flood: settings?.flood, isolated: settings?.isolated, locked: settings?.locked)
    }
}

extension Bridge.Entry {
    fileprivate init(_ entry: Neighbour, ifname: String?, master: String) {
        self.init(
            mac: LinkAddress.text(entry.linkAddress) ?? "?", ifname: ifname, vlan: entry.vlan.map { Int($0) },
            master: master, isLocked: entry.extendedFlags & Neighbour.Flags.locked != 0,
            state: Self.state(entry.states))
    }

    private static func state(_ states: [Neighbour.State]) -> String {
        if states.contains(.permanent) { return "permanent" }
        if states.contains(.noarp) { return "static" }
        return states.contains(.stale) ? "stale" : ""
    }
}
