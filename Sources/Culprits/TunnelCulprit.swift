import Diagnosis
import PacketDecoding

/// The network identifier, key or addresses for which there is no tunnel device.
struct TunnelCulprit: CulpritFinder {
    static let causes: Set = ["tunnel-no-device"]

    /// Properties that a device needs for a tunnelled packet.
    private struct Demand {
        /// Name of the tunnel protocol, with its identifier.
        var name: String
        /// Kinds of devices that may accept it, named as in ip-link(8).
        var kinds: [String]
        /// Network identifier; nil for tunnels that have none.
        var network: UInt32?
        /// Key in the notation of ip-link(8).
        var key: String?

        /// The command that creates a matching device.
        var device: String {
            let kind = kinds[0]
            let network = network.map { "id \($0) " } ?? ""
            let key = key.map { "ikey \($0) " } ?? ""
            let ends = self.network == nil ? "local {daddr} remote {saddr}" : "remote {saddr}"
            let port = kind == "vxlan" ? " dstport {dport} dev {dev}" : ""
            return "ip link add \(kind)1 type \(kind) \(network)\(key)\(ends)\(port)"
        }
    }

    func answer(
        to evidence: Evidence, cause: String, in namespace: any NamespaceView
    ) throws(InspectionFailure) -> CulpritAnswer {
        guard let demand = demand(of: evidence), let source = evidence.sourceAddress,
            let destination = evidence.destinationAddress
        else { return .none }
        var devices: [NetworkLink] = []
        for kind in demand.kinds { devices += try namespace.networkLinks(ofKind: kind) }
        // Devices that a module creates by itself, such as gre0, have no addresses.
        if demand.network == nil { devices.removeAll { !$0.hasTunnelAddress } }
        if let taker = devices.first(where: { $0.info?.data?.isExternal == true }) {
            return .unknown(because: "\(taker.ifname) takes all networks (external), so that its own tables decide")
        }
        let fitting = devices.first { link in
            link.fits(source: source, destination: destination) && link.info?.data?.inputKey == demand.key
                && (demand.network == nil || link.info?.data?.id == demand.network.map { Int($0) })
        }
        if let fitting {
            return .unknown(because: "\(fitting.ifname) fits the packet by now; its port or state may not")
        }
        return .found(
            Culprit(
                kind: "tunnel", name: "\(demand.name) from \(source) to \(destination): no device here fits",
                details: devices.isEmpty
                    ? ["this network namespace has no such device: \(demand.kinds.joined(separator: ", "))"]
                    : devices.map(\.tunnelText),
                values: demand.network.map { ["vni": String($0)] } ?? [:],
                remedies: [
                    Cause.Step(
                        command: demand.device, note: "a device that fits, if it is wanted; set it up afterwards")
                ]))
    }

    private func demand(of evidence: Evidence) -> Demand? {
        let isIPv6 = evidence.isIPv6
        switch evidence.packet?.inner?.encapsulation {
        case .vxlan(let vni): return Demand(name: "VXLAN VNI \(vni)", kinds: ["vxlan"], network: vni)
        case .geneve(let vni): return Demand(name: "Geneve VNI \(vni)", kinds: ["geneve"], network: vni)
        case .gre(let key):
            return Demand(
                name: key.map { "GRE key \($0)" } ?? "GRE without a key",
                kinds: isIPv6 ? ["ip6gre", "ip6gretap", "ip6erspan"] : ["gre", "gretap", "erspan"],
                key: key.map { IPv4Address(bits: $0).text })
        case .ip:
            return Demand(
                name: "IP in \(isIPv6 ? "IPv6" : "IPv4")", kinds: isIPv6 ? ["ip6tnl", "vti6"] : ["ipip", "sit", "vti"])
        case .erspan(let session):
            return Demand(
                name: session.map { "ERSPAN session \($0)" } ?? "ERSPAN", kinds: [isIPv6 ? "ip6erspan" : "erspan"],
                key: session.map { IPv4Address(bits: UInt32($0)).text })
        case .gtp(let teid): return Demand(name: "GTP TEID \(teid)", kinds: ["gtp"])
        case .icmpError, nil: return nil
        }
    }
}

extension NetworkLink {
    fileprivate var hasTunnelAddress: Bool {
        Self.isAddress(info?.data?.local) || Self.isAddress(info?.data?.remote)
    }

    /// Whether the device accepts a received packet: an address that the device does not name matches any. VXLAN devices accept
    /// packets from all senders.
    fileprivate func fits(source: String, destination: String) -> Bool {
        let data = info?.data
        return (!Self.isAddress(data?.local) || data?.local == destination)
            && (!Self.isAddress(data?.remote) || data?.remote == source || info?.kind == "vxlan")
    }

    fileprivate var tunnelText: String {
        let data = info?.data
        let parts = [
            data?.id.map { "VNI \($0)" }, data?.inputKey.map { "key \($0)" },
            Self.isAddress(data?.local) ? data?.local.map { "local \($0)" } : nil,
            Self.isAddress(data?.remote) ? data?.remote.map { "remote \($0)" } : nil,
        ]
        return "\(ifname) has " + parts.compactMap(\.self).joined(separator: ", ")
    }

    static func isAddress(_ text: String?) -> Bool {
        text.map { !["any", "0.0.0.0", "::"].contains($0) } ?? false
    }
}
