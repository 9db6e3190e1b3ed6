import Diagnosis

/// The port of a bridge and the setting of it that keeps packets out.
struct BridgePortCulprit: CulpritFinder {
    static let causes: Set = ["bridge-stp", "bridge-isolated", "bridge-locked", "bridge-vlan-filter"]

    private struct Port: Decodable {
        var ifname: String
        var master: String?
        var state: String?
        var isolated: Bool?
        var locked: Bool?
    }

    func answer(
        to evidence: Evidence, cause: String, in namespace: any NamespaceView
    ) throws(InspectionFailure) -> CulpritAnswer {
        let devices = [evidence.device?.name, evidence.inDevice?.name].compactMap(\.self)
        let ports = try namespace.json([Port].self, of: ["bridge", "-d", "-j", "link", "show"])
            .filter { devices.contains($0.ifname) }
        for port in ports {
            guard let setting = setting(of: port, for: cause) else { continue }
            return .found(
                Culprit(
                    kind: "bridge-port", name: "\(port.ifname) master \(port.master ?? "?"): \(setting)",
                    values: ["dev": port.ifname, "bridge": port.master ?? ""]))
        }
        if cause == "bridge-vlan-filter", let port = ports.first {
            return .found(
                Culprit(
                    kind: "bridge-port", name: "\(port.ifname) master \(port.master ?? "?")",
                    details: ["the VLANs that it lets through: bridge vlan show dev \(port.ifname)"],
                    values: ["dev": port.ifname, "bridge": port.master ?? ""]))
        }
        return .unknown(because: "no bridge port on the packet's way has such a setting by now")
    }

    private func setting(of port: Port, for cause: String) -> String? {
        switch cause {
        case "bridge-stp": port.state.flatMap { $0 == "forwarding" ? nil : "state \($0)" }
        case "bridge-isolated": port.isolated == true ? "isolated on" : nil
        case "bridge-locked": port.locked == true ? "locked on" : nil
        default: nil
        }
    }
}
