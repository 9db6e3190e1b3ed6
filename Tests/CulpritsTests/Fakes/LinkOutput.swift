import Netlink

@testable import Culprits
import Protocols

/// Reads the JSON of ip(8) and bridge(8) about devices into the values that the kernel would have answered.
enum LinkOutput {
    static func link(_ json: [String: JSONText]) -> Link? {
        guard let name = json["ifname"]?.text else { return nil }
        var link = Link(index: json["ifindex"]?.number.map { UInt32($0) } ?? Devices.index(name), name: name)
        let flags = json["flags"]?.list.compactMap(\.text) ?? []
        link.flags = (flags.contains("UP") ? Link.Flags.up : 0) | (flags.contains("LOWER_UP") ? Link.Flags.lowerUp : 0)
        link.mtu = json["mtu"]?.number.map { UInt32($0) }
        link.address = json["address"]?.text.map(bytes) ?? []
        link.master = json["master"]?.text.map(Devices.index)
        link.lower = json["link"]?.text.map(Devices.index) ?? json["link_index"]?.number.map { UInt32($0) }
        link.lowerNamespace = json["link_netnsid"]?.number.map { Int32($0) }
        link.queueLength = json["txqlen"]?.number.map { UInt32($0) }
        link.promiscuity = json["promiscuity"]?.number.map { UInt32($0) }
        let information = json["linkinfo"]?.members ?? [:]
        link.kind = information["info_kind"]?.text
        link.portKind = information["info_slave_kind"]?.text
        link.isBackup = information["info_slave_data"]?["state"]?.text.map { $0 == "BACKUP" }
        link.settings = settings(information["info_data"]?.members ?? [:])
        link.xdp = xdp(json["xdp"]?.members ?? [:])
        // bridge -d -j link show
        if let state = json["state"]?.text {
            link.portKind = "bridge"
            link.bridgePort = port(json, state)
        }
        return link
    }

    private static func settings(_ json: [String: JSONText]) -> LinkSettings {
        var settings = LinkSettings()
        settings.identifier = json["id"]?.number.map { UInt32($0) }
        settings.port = json["port"]?.number.map { UInt16($0) }
        settings.isExternal = json["external"]?.isTrue ?? false
        settings.macvlanMode = json["mode"]?.text == "source" ? .source : nil
        settings.senders = json["macaddr_data"]?.list.compactMap { $0.text.map(bytes) }
        settings.local = json["local"]?.text.flatMap { IPAddress($0) }
        settings.remote = json["remote"]?.text.flatMap { IPAddress($0) }
        settings.inputKey = json["ikey"]?.text.flatMap { IPAddress($0)?.bytes }.map { key in
            key.reduce(0) { $0 << 8 | UInt32($1) }
        }
        settings.expectsChecksum = json["icsum"]?.isTrue ?? false
        settings.expectsSequence = json["iseq"]?.isTrue ?? false
        settings.filtersVLANs = json["vlan_filtering"]?.number == 1
        settings.snoopsMulticast = json["mcast_snooping"]?.number == 1
        return settings
    }

    private static func port(_ json: [String: JSONText], _ state: String) -> BridgePort {
        var port = BridgePort()
        port.state = (0...4).compactMap { BridgePort.State(rawValue: $0) }.first { "\($0)" == state }
        port.hairpin = json["hairpin"]?.isTrue
        port.flood = json["flood"]?.isTrue
        port.isolated = json["isolated"]?.isTrue
        port.locked = json["locked"]?.isTrue
        return port
    }

    private static func xdp(_ json: [String: JSONText]) -> [XDPAttachment] {
        let attached = json["attached"]?.list.map(\.members) ?? (json["prog"] == nil ? [] : [json])
        return attached.compactMap { one in
            one["prog"]?["id"]?.number.map { id in
                XDPAttachment(mode: UInt8(one["mode"]?.number ?? 0), program: UInt32(id))
            }
        }
    }

    /// Names of XDP programs, by their numbers.
    static func programs(_ json: [String: JSONText]) -> [UInt32: String] {
        let xdp = json["xdp"]?.members ?? [:]
        let all = (xdp["attached"]?.list.map(\.members) ?? []) + [xdp]
        return all.reduce(into: [:]) { names, one in
            guard let id = one["prog"]?["id"]?.number else { return }
            names[UInt32(id)] = one["prog"]?["name"]?.text
        }
    }

    static func neighbour(_ json: [String: JSONText], on device: UInt32) -> Neighbour {
        var neighbour = Neighbour(device: json["ifname"]?.text.map(Devices.index) ?? device)
        neighbour.address = json["dst"]?.text.flatMap { IPAddress($0) }
        neighbour.linkAddress = (json["lladdr"] ?? json["mac"])?.text.map(bytes) ?? []
        let states = json["state"].map { $0.text.map { [$0] } ?? $0.list.compactMap(\.text) } ?? []
        for state in Neighbour.State.allCases where states.contains(where: { $0.lowercased() == "\(state)" }) {
            neighbour.state |= state.rawValue
        }
        // The name that bridge(8) gives to NUD_NOARP.
        if states == ["static"] { neighbour.state = Neighbour.State.noarp.rawValue }
        neighbour.vlan = json["vlan"]?.number.map { UInt16($0) }
        neighbour.master = json["master"]?.text.map(Devices.index)
        let flags = json["flags"]?.list.compactMap(\.text) ?? []
        if flags.contains("locked") { neighbour.extendedFlags = Neighbour.Flags.locked }
        return neighbour
    }

    static func addresses(_ json: [String: JSONText]) -> [InterfaceAddress] {
        guard let device = json["ifname"]?.text.map(Devices.index) else { return [] }
        return (json["addr_info"]?.list ?? []).compactMap { entry in
            guard let local = entry["local"]?.text.flatMap({ IPAddress($0) }),
                let prefix = IPPrefix(local, length: entry["prefixlen"]?.number ?? local.width)
            else { return nil }
            var address = InterfaceAddress(device: device, local: prefix)
            address.scope = entry["scope"]?.text == "host" ? 254 : 0
            if entry["tentative"]?.isTrue == true { address.flags |= InterfaceAddress.Flags.tentative }
            if entry["dadfailed"]?.isTrue == true { address.flags |= InterfaceAddress.Flags.dadFailed }
            return address
        }
    }

    static func membership(_ json: [String: JSONText]) -> VLANMembership? {
        guard let device = json["ifname"]?.text.map(Devices.index) else { return nil }
        let ranges = json["vlans"]?.list.compactMap { entry -> VLANMembership.Range? in
            guard let first = entry["vlan"]?.number else { return nil }
            let last = entry["vlanEnd"]?.number ?? first
            let isForUntagged = entry["flags"]?.list.contains { $0.text == "PVID" } ?? false
            return VLANMembership.Range(vlans: UInt16(first)...UInt16(last), isForUntagged: isForUntagged)
        }
        return VLANMembership(device: device, ranges: ranges ?? [])
    }

    static func groups(_ json: [String: JSONText]) -> [MulticastGroups.Entry] {
        (json["mdb"]?.list ?? []).compactMap { entry in
            guard let port = entry["port"]?.text, let group = entry["grp"]?.text.flatMap({ IPAddress($0) })
            else { return nil }
            return MulticastGroups.Entry(port: Devices.index(port), group: group)
        }
    }

    private static func bytes(_ address: String) -> [UInt8] {
        address.split(separator: ":").compactMap { UInt8($0, radix: 16) }
    }
}
