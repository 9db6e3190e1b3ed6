import Diagnosis
import Netlink
import Protocols

/// The remote end of a tunnel that has no route, or whose route leads through the tunnel itself.
struct TunnelRouteCulprit: CulpritFinder {
    static let causes: Set = ["tunnel-no-route"]

    func answer(
        to evidence: Evidence, cause: String, in namespace: any NamespaceView
    ) throws(InspectionFailure) -> CulpritAnswer {
        guard let device = evidence.device?.name, let link = try namespace.networkLink(device) else {
            return .unknown(because: "the trace does not show the tunnel device, or it is gone")
        }
        let own = link.settings.remote?.text
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
        guard link.kind == "vxlan", let frame = evidence.frame else { return nil }
        return try namespace.remoteEnd(of: frame.destination.text, on: link.ifname)?.address?.text
    }
}

extension NamespaceView {
    /// The entry of a VXLAN device for a MAC address, otherwise that for the all-zero address; nil if there is neither.
    func remoteEnd(of address: String, on device: String) throws(InspectionFailure) -> Neighbour? {
        guard let index = try deviceIndex(device) else { return nil }
        let entries = try all(ForwardingEntries(ofDevice: index))
        return [address, "00:00:00:00:00:00"].lazy
            .compactMap { wanted in entries.first { LinkAddress.text($0.linkAddress) == wanted } }.first
    }
}
