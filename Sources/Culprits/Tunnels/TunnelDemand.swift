import Diagnosis
import Netlink
import Protocols

/// Properties that a device needs to accept a tunnelled packet.
struct TunnelDemand {
    /// Name of the tunnel protocol, with its identifier.
    let name: String
    /// Kinds of devices that may accept it, named as in ip-link(8).
    let kinds: [String]
    /// Network identifier; nil for tunnels that have none.
    var network: UInt32?
    /// Key in the notation of ip-link(8).
    var key: String?
    /// The packet's outer addresses.
    let source: String
    let destination: String

    /// Returns nil if the packet is in no tunnel.
    init?(_ evidence: Evidence) {
        guard let source = evidence.sourceAddress, let destination = evidence.destinationAddress else { return nil }
        self.source = source
        self.destination = destination
        let isIPv6 = evidence.isIPv6
        switch evidence.packet?.inner?.encapsulation {
        case .vxlan(let vni): (name, kinds, network) = ("VXLAN VNI \(vni)", ["vxlan"], vni)
        case .geneve(let vni): (name, kinds, network) = ("Geneve VNI \(vni)", ["geneve"], vni)
        case .gre(let key):
            name = key.map { "GRE key \($0)" } ?? "GRE without a key"
            kinds = isIPv6 ? ["ip6gre", "ip6gretap", "ip6erspan"] : ["gre", "gretap", "erspan"]
            self.key = key.map { IPv4Address(bits: $0).text }
        case .ip:
            name = "IP in \(isIPv6 ? "IPv6" : "IPv4")"
            kinds = isIPv6 ? ["ip6tnl", "vti6"] : ["ipip", "sit", "vti"]
        case .erspan(let session):
            name = session.map { "ERSPAN session \($0)" } ?? "ERSPAN"
            kinds = [isIPv6 ? "ip6erspan" : "erspan"]
            key = session.map { IPv4Address(bits: UInt32($0)).text }
        case .gtp(let teid): (name, kinds) = ("GTP TEID \(teid)", ["gtp"])
        case .icmpError, nil: return nil
        }
    }

    /// The command that creates a matching device.
    var device: String {
        let kind = kinds[0]
        let network = network.map { "id \($0) " } ?? ""
        let key = key.map { "ikey \($0) " } ?? ""
        let ends = self.network == nil ? "local {daddr} remote {saddr}" : "remote {saddr}"
        let port = kind == "vxlan" ? " dstport {dport} dev {dev}" : ""
        return "ip link add \(kind)1 type \(kind) \(network)\(key)\(ends)\(port)"
    }

    /// Returns the devices of these kinds. Those that a module creates by itself, such as gre0, have no addresses and are
    /// left out.
    func devices(in namespace: any NamespaceView) throws(InspectionFailure) -> [NetworkLink] {
        var devices: [NetworkLink] = []
        for kind in kinds { devices += try namespace.networkLinks(ofKind: kind) }
        if network == nil { devices.removeAll { !$0.hasTunnelAddress } }
        return devices
    }

    func isMet(by link: NetworkLink) -> Bool {
        link.fits(source: source, destination: destination) && link.inputKey == key
            && (network == nil || link.settings.identifier == network)
    }
}

extension NetworkLink {
    /// The key in the notation of ip-link(8).
    var inputKey: String? { settings.inputKey.map { IPv4Address(bits: $0).text } }

    fileprivate var hasTunnelAddress: Bool { settings.local != nil || settings.remote != nil }

    /// Whether the device accepts a received packet: an address that the device does not name matches any. VXLAN devices
    /// accept packets from all senders.
    fileprivate func fits(source: String, destination: String) -> Bool {
        let (local, remote) = (settings.local?.text, settings.remote?.text)
        return (local == nil || local == destination) && (remote == nil || remote == source || kind == "vxlan")
    }
}
