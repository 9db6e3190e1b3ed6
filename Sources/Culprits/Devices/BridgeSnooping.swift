import Diagnosis
import Netlink
import Protocols

/// The multicast snooping of a bridge, which sends a group's packets only to the ports that have joined it
/// (br_multicast_flood, net/bridge/br_forward.c).
struct BridgeSnooping {
    let bridge: Bridge
    let namespace: any NamespaceView

    /// The answer for a packet to a group for which the bridge had no port.
    ///
    /// - Parameter ingress: the port where it came in, which gets nothing back.
    func answer(to evidence: Evidence, ingress: Bridge.Port?) throws(InspectionFailure) -> CulpritAnswer {
        guard let group = evidence.destinationAddress, IPAddress.isMulticast(group) else {
            return .unknown(because: "the frame is for a group, and mcast_flood or bcast_flood of the ports decides")
        }
        guard bridge.snoopsMulticast else {
            return .unknown(because: "\(bridge.name) does not snoop multicast by now; mcast_flood of the ports decides")
        }
        let address = IPAddress(group)
        let joined = try namespace.all(MulticastGroups(of: bridge.index)).flatMap(\.self)
            .filter { $0.group == address }.compactMap { namespace.deviceName($0.port) }
        if let other = joined.first(where: { $0 != ingress?.ifname && $0 != bridge.name }) {
            return .unknown(because: "\(other) has joined \(group) by now")
        }
        return .found(
            Culprit(
                kind: "bridge", name: "multicast snooping of \(bridge.name): no other port has joined \(group)",
                details: [
                    "'bridge mdb show dev \(bridge.name)' lists the ports that have, from their IGMP or MLD reports"
                ],
                values: ["bridge": bridge.name],
                remedies: [
                    Cause.Step(command: nil, note: "let the receivers join the group, with a querier on the network"),
                    Cause.Step(
                        command: "ip link set dev {bridge} type bridge mcast_snooping 0",
                        note: "or send every group to all ports"),
                ]))
    }
}
