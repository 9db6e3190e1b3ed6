import Diagnosis
import Netlink
import Protocols

/// The network identifier, key or addresses for which there is no tunnel device.
struct TunnelCulprit: CulpritFinder {
    static let causes: Set = ["tunnel-no-device"]

    func answer(
        to evidence: Evidence, cause: String, in namespace: any NamespaceView
    ) throws(InspectionFailure) -> CulpritAnswer {
        guard let demand = TunnelDemand(evidence) else { return .none }
        let devices = try demand.devices(in: namespace)
        if let taker = devices.first(where: { $0.settings.isExternal }) {
            return .unknown(because: "\(taker.ifname) takes all networks (external), so that its own tables decide")
        }
        if let fitting = devices.first(where: { demand.isMet(by: $0) }) {
            return .unknown(because: "\(fitting.ifname) fits the packet by now; its port or state may not")
        }
        return .found(
            Culprit(
                kind: "tunnel",
                name: "\(demand.name) from \(demand.source) to \(demand.destination): no device here fits",
                details: devices.isEmpty
                    ? ["this network namespace has no such device: \(demand.kinds.joined(separator: ", "))"]
                    : devices.map(\.tunnelText),
                values: demand.network.map { ["vni": String($0)] } ?? [:],
                remedies: [
                    Cause.Step(
                        command: demand.device, note: "a device that fits, if it is wanted; set it up afterwards")
                ]))
    }
}

extension NetworkLink {
    fileprivate var tunnelText: String {
        let parts = [
            settings.identifier.map { "VNI \($0)" }, inputKey.map { "key \($0)" },
            settings.local.map { "local \($0.text)" }, settings.remote.map { "remote \($0.text)" },
        ]
        return "\(ifname) has " + parts.compactMap(\.self).joined(separator: ", ")
    }
}
