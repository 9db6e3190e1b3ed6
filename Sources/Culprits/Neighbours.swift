import Diagnosis
import Netlink

/// An entry of `ip -j neigh show`.
struct Neighbour: Decodable {
    var dst: String
    var lladdr: String?
    var state: [String]?

    /// A request for it is pending or went unanswered.
    var isUnresolved: Bool { state?.contains { $0 == "FAILED" || $0 == "INCOMPLETE" } ?? false }
}

extension NamespaceView {
    /// The longest matching route for the address, if it has several next hops; otherwise nil.
    func multipath(to address: String, table: UInt32) throws(InspectionFailure) -> Route? {
        guard let address = IPAddress(text: address) else { return nil }
        let longest = try all(CoveringRoutes(of: address)).filter { $0.table == table }
            .max { $0.destination.length < $1.destination.length }
        return longest.flatMap { $0.nextHops.count > 1 ? $0 : nil }
    }

    func neighbours(on device: String) throws(InspectionFailure) -> [Neighbour] {
        try json([Neighbour].self, of: ["ip", "-j", "neigh", "show", "dev", device])
    }
}
