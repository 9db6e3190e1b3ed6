import Diagnosis

/// An entry of `ip -j neigh show`.
struct Neighbour: Decodable {
    var dst: String
    var lladdr: String?
    var state: [String]?

    /// A request for it is pending or went unanswered.
    var isUnresolved: Bool { state?.contains { $0 == "FAILED" || $0 == "INCOMPLETE" } ?? false }
}

/// One of several next hops of a route, as `ip -j route show` lists them.
struct NextHop: Decodable, Equatable {
    var gateway: String?
    var dev: String?
}

/// A route that spreads its packets over several next hops.
struct MultipathRoute: Decodable {
    var dst: String
    var nexthops: [NextHop]?
}

extension NamespaceView {
    /// The longest matching route for the address, if it has several next hops; otherwise nil.
    func multipath(to address: String, table: String) throws(InspectionFailure) -> MultipathRoute? {
        let family = address.contains(":") ? "-6" : "-4"
        let routes = try json(
            [MultipathRoute].self, of: ["ip", family, "-j", "route", "show", "table", table, "match", address])
        let longest = routes.max { (Prefix(route: $0.dst)?.length ?? 0) < (Prefix(route: $1.dst)?.length ?? 0) }
        return longest?.nexthops.map { $0.count > 1 } == true ? longest : nil
    }

    func neighbours(on device: String) throws(InspectionFailure) -> [Neighbour] {
        try json([Neighbour].self, of: ["ip", "-j", "neigh", "show", "dev", device])
    }
}
