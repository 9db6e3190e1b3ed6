import Diagnosis
import Protocols

/// The remote end of a tunnel that has no route, or whose route leads through the tunnel itself.
struct TunnelRouteCulprit: CulpritFinder {
    static let causes: Set = ["tunnel-no-route"]

    private struct ForwardingEntry: Decodable {
        var mac: String
        var dst: String?
    }

    func answer(
        to evidence: Evidence, cause: String, in namespace: any NamespaceView
    ) throws(InspectionFailure) -> CulpritAnswer {
        guard let device = evidence.device?.name, let link = try namespace.networkLink(device) else {
            return .unknown(because: "the trace does not show the tunnel device, or it is gone")
        }
        let own = link.info?.data?.remote.flatMap { NetworkLink.isAddress($0) ? $0 : nil }
        let target = own == nil ? try target(of: evidence, by: link, in: namespace) : nil
        guard let remote = own ?? target else {
            return .unknown(because: "the tunnel's other end comes with the packet (external), or is not set")
        }
        let route = try namespace.route(to: remote)
        let name = "\(device): \(remote)"
        guard let way = route?.dev else {
            return .found(
                Culprit(
                    kind: "tunnel", name: "\(name) has no route",
                    details: ["it is the other end of \(device)"], values: ["dev": device, "remote": remote]))
        }
        guard way == device else {
            return .unknown(because: "\(remote), the other end of \(device), has a route by \(way) by now")
        }
        return .found(
            Culprit(
                kind: "tunnel", name: "\(name) is reached through \(device) itself",
                details: ["the packets of the tunnel would have to pass the tunnel"],
                values: ["dev": device, "remote": remote]))
    }

    /// A VXLAN device may have a remote end for each MAC address.
    private func target(
        of evidence: Evidence, by link: NetworkLink, in namespace: any NamespaceView
    ) throws(InspectionFailure) -> String? {
        guard link.info?.kind == "vxlan", let frame = evidence.frame else { return nil }
        let entries = try namespace.json(
            [ForwardingEntry].self, of: ["bridge", "-j", "fdb", "show", "dev", link.ifname])
        return (entries.first { $0.mac == frame.destination.text } ?? entries.first { $0.mac == "00:00:00:00:00:00" })?
            .dst
    }
}
