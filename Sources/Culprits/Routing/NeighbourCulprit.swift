import Diagnosis
import Netlink
import Protocols

/// The next hop whose link-layer address is not known.
struct NeighbourCulprit: CulpritFinder {
    static let causes: Set = ["neighbour-unresolved", "neighbour-queue-full"]

    func answer(
        to evidence: Evidence, cause: String, in namespace: any NamespaceView
    ) throws(InspectionFailure) -> CulpritAnswer {
        guard let destination = evidence.destinationAddress else {
            return .unknown(because: "the packet's destination was not captured")
        }
        guard let route = try route(of: evidence, namespace), let device = route.dev else {
            return .unknown(because: "there is no route to \(destination) by now")
        }
        guard evidence.hasTellingReason || mayDie(of: cause, evidence, on: device, namespace) else {
            return .unknown(because: "packets are not freed there for that")
        }
        let hop = route.gateway ?? destination
        var details = route.gateway == nil ? [] : ["it is the gateway to \(destination)"]
        if cause == "neighbour-queue-full" { details += room(evidence, on: device, namespace) }
        let entry = try namespace.neighbour(hop, on: device)
        if let entry, entry.isUnresolved { return .found(culprit(hop, device, entry, details)) }
        if let several = try namespace.multipath(to: destination, table: route.table) {
            return try oneHop(of: several, namespace)
        }
        guard let entry, let state = entry.stateName else {
            return .found(culprit(hop, device, nil, details))
        }
        return .unknown(because: "\(hop) on \(device) is \(state) by now: it has answered since")
    }

    /// The packet's route. If the packet was lost at another output device than the routes choose, the route by that
    /// device, which its sender may have chosen.
    private func route(of evidence: Evidence, _ namespace: any NamespaceView) throws(InspectionFailure) -> RouteAnswer?
    {
        var flow = RoutedFlow(evidence)
        let route = try namespace.route(of: flow)
        guard let device = evidence.device?.name, device != evidence.inDevice?.name, device != route?.dev else {
            return route
        }
        (flow.inDevice, flow.outDevice) = (nil, device)
        let chosen = try namespace.route(of: flow)
        return chosen?.dev == device ? chosen : route
    }

    /// Examines all next hops, since the kernel's choice among them cannot always be reproduced (net/ipv4/route.c,
    /// fib_multipath_hash).
    private func oneHop(
        of route: Route, _ namespace: any NamespaceView
    ) throws(InspectionFailure) -> CulpritAnswer {
        var unresolved: [Culprit] = []
        var absent: [Culprit] = []
        let destination = RouteText.destination(route)
        let details = ["it is a next hop of the route to \(destination)"]
        for hop in route.nextHops {
            guard let address = hop.gateway?.text, let device = namespace.deviceName(hop.device) else { continue }
            let entry = try namespace.neighbour(address, on: device)
            if let entry, entry.isUnresolved { unresolved.append(culprit(address, device, entry, details)) }
            if entry == nil { absent.append(culprit(address, device, nil, details)) }
        }
        let suspects = unresolved.isEmpty ? absent : unresolved
        switch suspects.count {
        case 0: return .unknown(because: "all next hops of the route to \(destination) have answered by now")
        case 1: return .found(suspects[0])
        default:
            return .oneOf(suspects, because: "the route to \(destination) has several next hops that do not answer")
        }
    }

    /// - Parameter entry: nil if the entry no longer exists.
    private func culprit(_ hop: String, _ device: String, _ entry: Neighbour?, _ details: [String]) -> Culprit {
        let state = entry?.stateName.map { " " + $0 } ?? ""
        let first =
            entry == nil
            ? "the entry has been removed by now: nobody answered" : "nobody on \(device) answers for \(hop)"
        return Culprit(
            kind: "neighbour", name: "\(hop) dev \(device)\(state)", details: [first] + details,
            values: ["nexthop": hop, "outdev": device])
    }

    private func room(_ evidence: Evidence, on device: String, _ namespace: any NamespaceView) -> [String] {
        let family = evidence.isIPv6 ? "ipv6" : "ipv4"
        guard let bytes = namespace.sysctl("net/\(family)/neigh/\(device)/unres_qlen_bytes") else { return [] }
        return ["net.\(family).neigh.\(device).unres_qlen_bytes lets \(bytes) bytes wait for it"]
    }

    /// Whether `__neigh_event_send` (net/core/neighbour.c) frees packets for this cause: it frees the new packet if it may not
    /// send a request, or the oldest queued packet if the queue is full. Packets whose request went unanswered are freed
    /// elsewhere.
    private func mayDie(
        of cause: String, _ evidence: Evidence, on device: String, _ namespace: any NamespaceView
    ) -> Bool {
        guard evidence.function == "__neigh_event_send" else { return true }
        let place = "net/\(evidence.isIPv6 ? "ipv6" : "ipv4")/neigh/\(device)"
        let asks = ["mcast_solicit", "app_solicit"].contains { namespace.sysctl("\(place)/\($0)") != "0" }
        return asks == (cause == "neighbour-queue-full")
    }
}
