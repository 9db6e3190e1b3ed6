import Diagnosis
import Netlink
import Protocols

/// The macvlan device that refused the frame.
struct MacvlanCulprit: CulpritFinder {
    static let causes: Set = ["macvlan-filter"]

    func answer(
        to evidence: Evidence, cause: String, in namespace: any NamespaceView
    ) throws(InspectionFailure) -> CulpritAnswer {
        guard let device = evidence.device?.name, let frame = evidence.frame else {
            return .unknown(because: "the trace does not show the frame's MAC address and its device")
        }
        let links = try namespace.networkLinks(ofKind: "macvlan").filter { $0.lower == device }
        guard let link = links.first(where: { $0.address == frame.destination.text }) else {
            return .unknown(because: "no macvlan device on \(device), in its namespace, has \(frame.destination.text)")
        }
        let name = "\(link.ifname) (macvlan on \(device))"
        let values = ["dev": link.ifname, "mac": frame.source.text]
        guard link.isUp else {
            return .found(Culprit(kind: "device", name: "\(name) is down", values: values))
        }
        // In mode source the sender alone decides (macvlan_forward_source, drivers/net/macvlan.c).
        guard link.settings.macvlanMode == .source,
            let senders = link.settings.senders?.compactMap(LinkAddress.text),
            !senders.contains(frame.source.text)
        else { return .unknown(because: "\(name) takes frames from \(frame.source.text) by now") }
        return .found(
            Culprit(
                kind: "device", name: "\(name), mode source, does not list the sender \(frame.source.text)",
                details: ["it takes frames from \(senders.joined(separator: ", ")) only"], values: values))
    }
}
