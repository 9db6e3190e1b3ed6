import Diagnosis

/// The next hop whose link-layer address is not known.
struct NeighbourCulprit: CulpritFinder {
    static let causes: Set = ["neighbour-unresolved", "neighbour-queue-full"]

    private struct Entry: Decodable {
        var dst: String
        var dev: String?
        var state: [String]?
    }

    func answer(
        to evidence: Evidence, cause: String, in namespace: any NamespaceView
    ) throws(InspectionFailure) -> CulpritAnswer {
        guard let destination = evidence.destinationAddress else {
            return .unknown(because: "the packet's destination was not captured")
        }
        guard let route = try namespace.route(to: destination), let device = route.dev else {
            return .unknown(because: "there is no route to \(destination) by now")
        }
        guard evidence.hasTellingReason || mayDie(of: cause, evidence, on: device, namespace) else {
            return .unknown(because: "packets are not freed there for that")
        }
        let hop = route.gateway ?? destination
        let entries = try namespace.json([Entry].self, of: ["ip", "-j", "neigh", "show", "dev", device])
        guard let entry = entries.first(where: { $0.dst == hop }), let state = entry.state?.first else {
            return .found(
                Culprit(
                    kind: "neighbour", name: "\(hop) dev \(device)",
                    details: ["the entry has been removed by now: nobody answered"],
                    values: ["nexthop": hop, "outdev": device]))
        }
        guard state == "FAILED" || state == "INCOMPLETE" else {
            return .unknown(because: "\(hop) on \(device) is \(state) by now: it has answered since")
        }
        var details = ["nobody on \(device) answers for \(hop)"]
        if route.gateway != nil { details.append("it is the gateway to \(destination)") }
        if cause == "neighbour-queue-full" {
            let family = evidence.isIPv6 ? "ipv6" : "ipv4"
            if let bytes = namespace.sysctl("net/\(family)/neigh/\(device)/unres_qlen_bytes") {
                details.append("net.\(family).neigh.\(device).unres_qlen_bytes lets \(bytes) bytes wait for it")
            }
        }
        return .found(
            Culprit(
                kind: "neighbour", name: "\(hop) dev \(device) \(state)", details: details,
                values: ["nexthop": hop, "outdev": device]))
    }

    /// __neigh_event_send, net/core/neighbour.c: it frees the packet at hand if it may ask nobody, otherwise the oldest one
    /// that waits, for want of room. What was asked for in vain is freed elsewhere.
    private func mayDie(
        of cause: String, _ evidence: Evidence, on device: String, _ namespace: any NamespaceView
    ) -> Bool {
        guard evidence.function == "__neigh_event_send" else { return true }
        let place = "net/\(evidence.isIPv6 ? "ipv6" : "ipv4")/neigh/\(device)"
        let asks = ["mcast_solicit", "app_solicit"].contains { namespace.sysctl("\(place)/\($0)") != "0" }
        return asks == (cause == "neighbour-queue-full")
    }
}
