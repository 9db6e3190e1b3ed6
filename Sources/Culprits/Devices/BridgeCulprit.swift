import Diagnosis
import Netlink
import Protocols

/// The port, forwarding entry or VLAN that kept a frame from crossing a bridge.
struct BridgeCulprit: CulpritFinder {
    static let causes: Set = [
        "bridge-stp", "bridge-isolated", "bridge-locked", "bridge-vlan-filter", "bridge-no-target",
    ]

    func answer(
        to evidence: Evidence, cause: String, in namespace: any NamespaceView
    ) throws(InspectionFailure) -> CulpritAnswer {
        guard let device = evidence.device?.name, let frame = evidence.frame else {
            return .unknown(because: "the trace does not show the device and the frame's MAC addresses")
        }
        if evidence.function == "vxlan_xmit" {
            return try target(of: frame.destination.text, by: device, in: namespace)
        }
        guard let bridge = try Bridge(of: device, in: namespace) else {
            return .unknown(because: "\(device) is neither a bridge nor a port of one by now")
        }
        let port = bridge.port(device)
        // VLAN 0 marks a frame that carries only a priority.
        let tag = evidence.vlans.first.flatMap { $0 == 0 ? nil : Int($0) }
        let source = frame.source.text
        guard !frame.destination.isGroup else {
            // The checks of the input port are the same for all frames.
            if let obstacle = port.flatMap({ bridge.obstacle(from: source, tag: tag, at: $0) }) {
                return obstacle.cause == cause
                    ? .found(obstacle.culprit)
                    : .unknown(because: "the settings of \(bridge.name) speak for \(obstacle.cause)")
            }
            guard cause == "bridge-no-target" else {
                return .unknown(because: "the frame is for a group: its members decide about the output ports")
            }
            return try BridgeSnooping(bridge: bridge, namespace: namespace).answer(to: evidence, ingress: port)
        }
        guard let obstacle = bridge.obstacle(from: source, to: frame.destination.text, tag: tag, ingress: port) else {
            return .unknown(because: "\(bridge.name) would let the frame pass by now; it may have been changed since")
        }
        guard obstacle.cause == cause else {
            return .unknown(because: "the settings of \(bridge.name) speak for \(obstacle.cause)")
        }
        return .found(obstacle.culprit)
    }

    /// A VXLAN device sends to the remote end that its database lists for the address, otherwise to that of the
    /// all-zero address.
    private func target(
        of address: String, by device: String, in namespace: any NamespaceView
    ) throws(InspectionFailure) -> CulpritAnswer {
        guard try namespace.remoteEnd(of: address, on: device) == nil else {
            return .unknown(because: "\(device) knows a remote end for \(address) by now")
        }
        return .found(
            Culprit(
                kind: "device", name: "\(device): no remote end for \(address)",
                details: ["its forwarding database has neither this address nor a default (00:00:00:00:00:00)"],
                values: ["dev": device]))
    }
}
