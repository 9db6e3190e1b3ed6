import Diagnosis
import Netlink
import Protocols

/// The VLAN for which the device has no VLAN device.
struct VLANCulprit: CulpritFinder {
    static let causes: Set = ["vlan-unknown"]

    func answer(
        to evidence: Evidence, cause: String, in namespace: any NamespaceView
    ) throws(InspectionFailure) -> CulpritAnswer {
        guard let device = evidence.device?.name else {
            return .unknown(because: "the trace does not show the device")
        }
        guard let vlan = evidence.vlans.first(where: { $0 != 0 }) else {
            return .unknown(because: "the frame was not seen with a VLAN tag; the filter 'vlan' finds such frames")
        }
        // A VLAN device would not have accepted the frame either.
        if let wanted = evidence.frame?.destination, !wanted.isGroup,
            let own = try namespace.networkLink(device)?.address, own != wanted.text
        {
            return .unknown(because: "the frame is for the MAC address \(wanted.text), and \(device) has \(own)")
        }
        let devices = try namespace.networkLinks(ofKind: "vlan").filter { $0.lower == device }
        let values = ["dev": device, "vlan": String(vlan)]
        if let taker = devices.first(where: { $0.settings.identifier == UInt32(vlan) }) {
            guard !taker.isUp else {
                return .unknown(because: "\(taker.ifname) takes VLAN \(vlan) of \(device) by now")
            }
            return .found(
                Culprit(
                    kind: "device", name: "\(taker.ifname) (down)",
                    details: ["it takes VLAN \(vlan) of \(device), but is not set up"],
                    values: ["dev": taker.ifname, "vlan": String(vlan)],
                    remedies: [Cause.Step(command: "ip link set dev {dev} up", note: "set it up")]))
        }
        let others = devices.compactMap { link in link.settings.identifier.map { "\(link.ifname) has VLAN \($0)" } }
        return .found(
            Culprit(
                kind: "vlan", name: "VLAN \(vlan) on \(device): no device takes it",
                details: others.isEmpty ? ["\(device) has no VLAN devices"] : others, values: values))
    }
}
