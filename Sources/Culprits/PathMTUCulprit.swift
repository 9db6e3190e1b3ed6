import Diagnosis

/// The device or route that takes no packet of this size.
struct PathMTUCulprit: CulpritFinder {
    static let causes: Set = ["mtu-exceeded"]

    func answer(
        to evidence: Evidence, cause: String, in namespace: any NamespaceView
    ) throws(InspectionFailure) -> CulpritAnswer {
        guard let destination = evidence.destinationAddress, let route = try namespace.route(to: destination),
            let device = route.dev
        else { return .unknown(because: "there is no route to the packet's destination by now") }
        let links = try namespace.json([LinkCulprit.Link].self, of: ["ip", "-j", "link", "show", "dev", device])
        guard let own = links.first?.mtu else { return .unknown(because: "the device \(device) is gone") }
        let ofRoute = route.metrics?.compactMap(\.mtu).first
        let limit = min(own, ofRoute ?? own)
        guard evidence.length > limit else {
            return .unknown(
                because: "the way to \(destination) takes \(limit) bytes by now, and the packet had \(evidence.length)")
        }
        let name = ofRoute.map { $0 < own } == true ? "route to \(destination) mtu \(limit)" : "\(device) mtu \(limit)"
        return .found(
            Culprit(
                kind: "mtu", name: name, details: ["the packet has \(evidence.length) bytes"],
                values: ["outdev": device, "mtu": String(limit)]))
    }
}
