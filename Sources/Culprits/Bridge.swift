import Diagnosis

/// A bridge as bridge(8) and ip(8) show it: its ports, forwarding database and VLANs.
struct Bridge {
    struct Port: Decodable {
        var ifname: String
        var master: String?
        /// "forwarding", "learning", "listening", "blocking", "disabled".
        var state: String?
        var hairpin: Bool?
        var flood: Bool?
        var isolated: Bool?
        var locked: Bool?
    }

    /// An entry of the forwarding database.
    struct Entry: Decodable {
        var mac: String
        var ifname: String?
        var vlan: Int?
        var master: String?
        var flags: [String]?
        /// "permanent" for an address of the bridge itself.
        var state: String?

        var text: String {
            "\(mac) dev \(ifname ?? "?") master \(master ?? "?")" + (vlan.map { " vlan \($0)" } ?? "")
                + (state.map { $0.isEmpty ? "" : " \($0)" } ?? "")
        }
    }

    /// The VLANs of a port, or of the bridge itself.
    struct Membership: Decodable {
        var ifname: String
        var vlans: [Range]

        struct Range: Decodable {
            var vlan: Int
            var vlanEnd: Int?
            var flags: [String]?
        }
    }

    let name: String
    let ports: [Port]
    let entries: [Entry]
    let filtersVLANs: Bool
    private let memberships: [Membership]

    /// Finds the bridge of a port, or the bridge itself. Returns nil if the device is no longer either.
    init?(of device: String, in namespace: any NamespaceView) throws(InspectionFailure) {
        let all = try namespace.json([Port].self, of: ["bridge", "-d", "-j", "link", "show"])
        guard
            let name = all.first(where: { $0.ifname == device })?.master
                ?? all.first(where: { $0.master == device })?.master
        else { return nil }
        self.name = name
        ports = all.filter { $0.master == name }
        entries = try namespace.json([Entry].self, of: ["bridge", "-j", "fdb", "show", "br", name])
            .filter { $0.master == name }
        filtersVLANs = try namespace.networkLink(name)?.info?.data?.filtersVLANs ?? false
        memberships = filtersVLANs ? try namespace.json([Membership].self, of: ["bridge", "-j", "vlan", "show"]) : []
    }

    func port(_ name: String) -> Port? { ports.first { $0.ifname == name } }

    /// Whether a port, or the bridge itself, is in the VLAN.
    func holds(_ vlan: Int, at device: String) -> Bool {
        ranges(of: device).contains { $0.vlan...max($0.vlan, $0.vlanEnd ?? $0.vlan) ~= vlan }
    }

    /// The VLAN of untagged frames (PVID).
    func untaggedVLAN(at device: String) -> Int? {
        ranges(of: device).first { $0.flags?.contains("PVID") == true }?.vlan
    }

    func entry(for address: String, vlan: Int?) -> Entry? {
        let matching = entries.filter { $0.mac == address }
        guard filtersVLANs else { return matching.first { $0.vlan == nil } ?? matching.first }
        return matching.first { $0.vlan == vlan }
    }

    private func ranges(of device: String) -> [Membership.Range] {
        memberships.filter { $0.ifname == device }.flatMap(\.vlans)
    }
}
