import Diagnosis
import PacketDecoding

/// The network identifier or key that no tunnel device has.
struct TunnelCulprit: CulpritFinder {
    static let causes: Set = ["tunnel-no-device"]

    func answer(
        to evidence: Evidence, cause: String, in namespace: any NamespaceView
    ) throws(InspectionFailure) -> CulpritAnswer {
        switch evidence.packet?.inner?.encapsulation {
        case .vxlan(let vni): try network("vxlan", vni, evidence, in: namespace)
        case .geneve(let vni): try network("geneve", vni, evidence, in: namespace)
        case .gre(let key): try gre(key, evidence, in: namespace)
        case .ip, .icmpError, nil: .none
        }
    }

    private func network(
        _ kind: String, _ vni: UInt32, _ evidence: Evidence, in namespace: any NamespaceView
    ) throws(InspectionFailure) -> CulpritAnswer {
        let port = evidence.ports.map { Int($0.destination) }
        let devices = try namespace.networkLinks(ofKind: kind).filter { $0.info?.data?.port ?? port == port }
        if let taker = devices.first(where: { $0.info?.data?.isExternal == true }) {
            return .unknown(because: "\(taker.ifname) takes all VNIs (external), so that its own tables decide")
        }
        if let same = devices.first(where: { $0.info?.data?.id == Int(vni) }) {
            return .unknown(because: "\(same.ifname) has VNI \(vni) by now; its addresses or port may differ")
        }
        return .found(
            Culprit(
                kind: "tunnel", name: "VNI \(vni): no \(kind) device here has it",
                details: devices.isEmpty
                    ? ["this network namespace has no \(kind) device" + (port.map { " at port \($0)" } ?? "")]
                    : devices.map { "\($0.ifname) has VNI \($0.info?.data?.id ?? 0)" },
                values: ["vni": String(vni)]))
    }

    private func gre(
        _ key: UInt32?, _ evidence: Evidence, in namespace: any NamespaceView
    ) throws(InspectionFailure) -> CulpritAnswer {
        guard !evidence.isIPv6, let source = evidence.sourceAddress, let destination = evidence.destinationAddress
        else {
            return .unknown(because: "'ip -d link show' tells keys and addresses of GRE devices")
        }
        var devices: [NetworkLink] = []
        for kind in ["gre", "gretap", "erspan"] { devices += try namespace.networkLinks(ofKind: kind) }
        // What the module makes for itself, named gre0, gretap0 and erspan0, has no addresses.
        let configured = devices.filter {
            Self.isAddress($0.info?.data?.local) || Self.isAddress($0.info?.data?.remote)
        }
        let wanted = key.map { IPv4Address(bits: $0).text }
        let fitting = configured.first { link in
            Self.fits(link.info?.data?.local, destination) && Self.fits(link.info?.data?.remote, source)
                && link.info?.data?.inputKey == wanted
        }
        guard fitting == nil else { return .unknown(because: "\(fitting?.ifname ?? "") fits by now") }
        let name = key.map { "GRE key \($0)" } ?? "GRE without a key"
        return .found(
            Culprit(
                kind: "tunnel", name: "\(name) from \(source) to \(destination): no device here fits",
                details: configured.isEmpty
                    ? ["this network namespace has no GRE device with addresses"]
                    : configured.map { link in
                        let data = link.info?.data
                        return "\(link.ifname) has local \(data?.local ?? "any"), remote \(data?.remote ?? "any"), "
                            + "key \(data?.inputKey ?? "none")"
                    }))
    }

    private static func isAddress(_ text: String?) -> Bool { text != nil && text != "any" && text != "0.0.0.0" }

    private static func fits(_ setting: String?, _ address: String) -> Bool {
        !isAddress(setting) || setting == address
    }
}
