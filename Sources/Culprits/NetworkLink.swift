import Diagnosis

/// A network device as `ip -d -j link show` prints it.
struct NetworkLink: Decodable {
    var ifindex: Int?
    var ifname: String
    /// The lower device, if it is in the same namespace.
    var link: String?
    /// Index of the lower device or the peer if it is in another namespace.
    var linkIndex: Int?
    /// Number by which this namespace knows that other namespace.
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

    /// Settings of all kinds of devices. Unknown keys and values of unexpected types are ignored.
    struct Settings: Decodable {
        /// For VLAN, VXLAN and Geneve devices.
        var id: Int?
        /// For VXLAN and Geneve devices.
        var port: Int?
        /// The device accepts all network identifiers; a program or a bridge sets them (`external`).
        var isExternal: Bool
        /// Mode of a macvlan device.
        var mode: String?
        /// For a macvlan device in mode source: the senders that it accepts.
        var senders: [String]?
        /// For tunnel devices, as are `remote` and `inputKey`.
        var local: String?
        var remote: String?
        var inputKey: String?
        /// For GRE devices: received packets must have checksums, and sequence numbers.
        var expectsChecksum: Bool
        var expectsSequence: Bool
        /// For bridges.
        var filtersVLANs: Bool
        var snoopsMulticast: Bool

        private enum CodingKeys: String, CodingKey {
            case id, port, external, mode, local, remote
            case senders = "macaddr_data"
            case inputKey = "ikey"
            case expectsChecksum = "icsum"
            case expectsSequence = "iseq"
            case filtersVLANs = "vlan_filtering"
            case snoopsMulticast = "mcast_snooping"
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
            expectsChecksum = (try? values.decode(Bool.self, forKey: .expectsChecksum)) ?? false
            expectsSequence = (try? values.decode(Bool.self, forKey: .expectsSequence)) ?? false
            filtersVLANs = (try? values.decode(Int.self, forKey: .filtersVLANs)) == 1
            snoopsMulticast = (try? values.decode(Int.self, forKey: .snoopsMulticast)) == 1
        }
    }

    /// State of a bond's port: "ACTIVE" or "BACKUP".
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
    /// The device is up but reports no carrier. "NO-CARRIER" is not used, since it follows from the operational state, which
    /// the kernel's link watch updates up to a second later (`dev_get_flags`).
    var lacksCarrier: Bool { isUp && !flags.contains("LOWER_UP") }
}

extension NamespaceView {
    /// Returns nil if the device no longer exists.
    func networkLink(_ name: String) throws(InspectionFailure) -> NetworkLink? {
        try json([NetworkLink].self, of: ["ip", "-d", "-j", "link", "show", "dev", name]).first
    }

    /// The VRF that the device is, or is a port of; nil if there is none.
    func vrf(of device: String) -> String? {
        guard let link = try? networkLink(device) else { return nil }
        if link.info?.kind == "vrf" { return link.ifname }
        return link.info?.portKind == "vrf" ? link.master : nil
    }

    func networkLinks(ofKind kind: String) throws(InspectionFailure) -> [NetworkLink] {
        // If the kernel does not know the kind it lists all devices, which ip(8) prints as empty objects.
        try json([Listed].self, of: ["ip", "-d", "-j", "link", "show", "type", kind]).compactMap(\.link)
            .filter { $0.info?.kind == kind }
    }

    /// The other end of a veth pair, in any namespace; nil if it cannot be found.
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
