import Diagnosis
import Netlink
import Protocols

extension Neighbour {
    /// A request for it is pending or went unanswered.
    var isUnresolved: Bool { states.contains(.failed) || states.contains(.incomplete) }

    /// As ip(8) prints it: "REACHABLE"; nil for an entry without a state.
    var stateName: String? { states.first.map { "\($0)".uppercased() } }
}

extension NamespaceView {
    /// The longest matching route for the address, if it has several next hops; otherwise nil.
    func multipath(to address: String, table: UInt32) throws(InspectionFailure) -> Route? {
        guard let address = IPAddress(address) else { return nil }
        let longest = try all(CoveringRoutes(of: address)).filter { $0.table == table }
            .max { $0.destination.length < $1.destination.length }
        return longest.flatMap { $0.nextHops.count > 1 ? $0 : nil }
    }

    /// Empty if the device no longer exists.
    func neighbours(on device: String) throws(InspectionFailure) -> [Neighbour] {
        guard let index = try deviceIndex(device) else { return [] }
        return try all(Neighbours(on: index))
    }

    /// The entry for an address; nil if there is none.
    func neighbour(_ address: String, on device: String) throws(InspectionFailure) -> Neighbour? {
        let address = IPAddress(address)
        return try neighbours(on: device).first { $0.address == address }
    }
}
