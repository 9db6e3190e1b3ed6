import Diagnosis

/// A network device as `ip -d -j link show` prints it.
struct NetworkLink: Decodable {
    var ifindex: Int?
    var ifname: String
    /// The device below, where it is in the same namespace.
    var link: String?
    /// The device below, or the peer, where it is in another namespace: its index there …
    var linkIndex: Int?
    /// … and which namespace that is, by the number that this one has for it.
    var linkNamespace: Int?
    var flags: [String]
    var mtu: Int?
    var master: String?
    var linkType: String?
    var address: String?
    var promiscuity: Int?
    var queueLength: Int?
    var info: Info?

    struct Info: Decodable {
        var kind: String?
        var portKind: String?
        var data: Settings?
        var portData: PortSettings?

        private enum CodingKeys: String, CodingKey {
            case kind = "info_kind"
            case portKind = "info_slave_kind"
            case data = "info_data"
            case portData = "info_slave_data"
        }
    }

    /// What is asked of any kind of device; other keys, and values of other types than here, are passed over.
    struct Settings: Decodable {
        /// Of a VLAN, VXLAN or Geneve device.
        var id: Int?
        /// Of a VXLAN or Geneve device.
        var port: Int?
        /// It takes all networks, as a program or a bridge tells it.
        var isExternal: Bool
        /// Of a macvlan.
        var mode: String?
        /// Of a macvlan in mode source: the senders that it takes.
        var senders: [String]?
        /// Of a GRE device.
        var local: String?
        var remote: String?
        var inputKey: String?
        /// Of a bridge.
        var filtersVLANs: Bool

        private enum CodingKeys: String, CodingKey {
            case id, port, external, mode, local, remote
            case senders = "macaddr_data"
            case inputKey = "ikey"
            case filtersVLANs = "vlan_filtering"
        }

        init(from decoder: any Decoder) throws {
            let values = try decoder.container(keyedBy: CodingKeys.self)
            id = try? values.decode(Int.self, forKey: .id)
            port = try? values.decode(Int.self, forKey: .port)
            isExternal = (try? values.decode(Bool.self, forKey: .external)) ?? false
            mode = try? values.decode(String.self, forKey: .mode)
            senders = try? values.decode([String].self, forKey: .senders)
            local = try? values.decode(String.self, forKey: .local)
            remote = try? values.decode(String.self, forKey: .remote)
            inputKey = try? values.decode(String.self, forKey: .inputKey)
            filtersVLANs = (try? values.decode(Int.self, forKey: .filtersVLANs)) == 1
        }
    }

    /// Of a port of a bond: "ACTIVE" or "BACKUP".
    struct PortSettings: Decodable {
        var state: String?

        private enum CodingKeys: String, CodingKey {
            case state
        }

        init(from decoder: any Decoder) throws {
            state = try? decoder.container(keyedBy: CodingKeys.self).decode(String.self, forKey: .state)
        }
    }

    private enum CodingKeys: String, CodingKey {
        case ifindex, ifname, link, flags, mtu, master, address, promiscuity
        case linkIndex = "link_index"
        case linkNamespace = "link_netnsid"
        case linkType = "link_type"
        case queueLength = "txqlen"
        case info = "linkinfo"
    }

    var isUp: Bool { flags.contains("UP") }
    /// Set up, but the device says that nothing is at its other end. "NO-CARRIER" would say so too, but follows from the
    /// operational state, which the kernel's link watch brings up to date as late as a second after (`dev_get_flags`).
    var lacksCarrier: Bool { isUp && !flags.contains("LOWER_UP") }
}

extension NamespaceView {
    /// nil: there is no such device by now.
    func networkLink(_ name: String) throws(InspectionFailure) -> NetworkLink? {
        try json([NetworkLink].self, of: ["ip", "-d", "-j", "link", "show", "dev", name]).first
    }

    /// The VRF that a device is, or is a port of.
    func vrf(of device: String) -> String? {
        guard let link = try? networkLink(device) else { return nil }
        if link.info?.kind == "vrf" { return link.ifname }
        return link.info?.portKind == "vrf" ? link.master : nil
    }

    func networkLinks(ofKind kind: String) throws(InspectionFailure) -> [NetworkLink] {
        // Where the kernel does not know the kind it lists all devices, of which ip(8) prints empty objects.
        try json([Listed].self, of: ["ip", "-d", "-j", "link", "show", "type", kind]).compactMap(\.link)
            .filter { $0.info?.kind == kind }
    }

    /// The other end of a veth pair, wherever it is; nil where it can not be found.
    func peer(of link: NetworkLink) -> NetworkLink? {
        guard link.info?.kind == "veth" else { return nil }
        if let name = link.link { return (try? networkLink(name)) ?? nil }
        guard let index = link.linkIndex, let number = link.linkNamespace,
            let links = try? namespace(numbered: number)?.networkLinks(ofKind: "veth")
        else { return nil }
        return links.first { $0.ifindex == index && $0.linkIndex == link.ifindex }
    }
}

private struct Listed: Decodable {
    var link: NetworkLink?

    init(from decoder: any Decoder) throws {
        link = try? NetworkLink(from: decoder)
    }
}
