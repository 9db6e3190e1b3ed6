import Diagnosis
import Netlink
import Protocols

/// A network device, with the names of the devices to which it belongs.
struct NetworkLink {
    let device: Link
    /// The bridge, bond or VRF.
    let master: String?
    /// The lower device, or the other end of a veth pair; nil if it is in another namespace.
    let lower: String?

    /// - Parameter name: the name of the device with an index.
    init(_ device: Link, name: (UInt32) -> String?) {
        self.device = device
        master = device.master.flatMap(name)
        lower = device.lowerNamespace == nil ? device.lower.flatMap(name) : nil
    }

    var ifname: String { device.name }
    var kind: String? { device.kind }
    var portKind: String? { device.portKind }
    var settings: LinkSettings { device.settings }
    var mtu: Int? { device.mtu.map { Int($0) } }
    /// The MAC address; nil for devices without one.
    var address: String? { LinkAddress.text(device.address) }

    var isUp: Bool { device.flags & Link.Flags.up != 0 }
    /// The device is up but reports no carrier. "NO-CARRIER" is not used, since it follows from the operational state, which
    /// the kernel's link watch updates up to a second later (`dev_get_flags`).
    var lacksCarrier: Bool { isUp && device.flags & Link.Flags.lowerUp == 0 }
}

extension NamespaceView {
    /// Returns nil if the device no longer exists.
    func networkLink(_ name: String) throws(InspectionFailure) -> NetworkLink? {
        try answer(to: LinkQuery(name: name)).map { link in NetworkLink(link) { deviceName($0) } }
    }

    /// Returns nil if the device no longer exists.
    func networkLink(index: UInt32) throws(InspectionFailure) -> NetworkLink? {
        try answer(to: LinkQuery(index: index)).map { link in NetworkLink(link) { deviceName($0) } }
    }

    /// The VRF that the device is, or is a port of; nil if there is none.
    func vrf(of device: String) -> String? {
        guard let link = try? networkLink(device) else { return nil }
        if link.kind == "vrf" { return link.ifname }
        return link.portKind == "vrf" ? link.master : nil
    }

    func networkLinks(where isWanted: (Link) -> Bool) throws(InspectionFailure) -> [NetworkLink] {
        let all = try all(Links())
        let names = Dictionary(all.map { ($0.index, $0.name) }) { $1 }
        return all.filter(isWanted).map { link in NetworkLink(link) { names[$0] ?? deviceName($0) } }
    }

    func networkLinks(ofKind kind: String) throws(InspectionFailure) -> [NetworkLink] {
        try networkLinks { $0.kind == kind }
    }

    /// The other end of a veth pair, in any namespace; nil if it cannot be found.
    func peer(of link: NetworkLink) -> NetworkLink? {
        guard link.kind == "veth", let index = link.device.lower else { return nil }
        let home: (any NamespaceView)? = link.device.lowerNamespace.map { namespace(numbered: Int($0)) } ?? self
        guard let peer = try? home?.networkLink(index: index), peer.kind == "veth",
            peer.device.lower == link.device.index
        else { return nil }
        return peer
    }
}
