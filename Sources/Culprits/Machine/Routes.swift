import Diagnosis
import Netlink
import Protocols

/// A route that the kernel would choose, with names instead of indices.
struct RouteAnswer {
    var dev: String?
    var gateway: String?
    var kind: Route.Kind?
    var table: UInt32
    var mtu: Int?

    init(_ route: Route, in namespace: any NamespaceView) {
        dev = route.device.flatMap { namespace.deviceName($0) }
        gateway = route.gateway?.text
        kind = route.kind
        table = route.table
        mtu = route.mtu.map { Int($0) }
    }
}

extension NamespaceView {
    /// The route that the kernel would use; nil if it has none or refuses the query.
    func route(
        to address: String, from source: String? = nil, outDevice: String? = nil
    ) throws(InspectionFailure) -> RouteAnswer? {
        guard let destination = IPAddress(address) else { return nil }
        var query = RouteQuery(to: destination)
        if let source {
            guard let source = IPAddress(source) else { return nil }
            query.source = source
        }
        if let outDevice {
            guard let index = try deviceIndex(outDevice) else { return nil }
            query.outputDevice = index
        }
        return try route(for: query)
    }

    func route(for query: RouteQuery) throws(InspectionFailure) -> RouteAnswer? {
        try answer(to: query).map { RouteAnswer($0, in: self) }
    }

    /// nil if there is no device with this index by now.
    func deviceName(_ index: UInt32) -> String? { (try? answer(to: LinkQuery(index: index)))?.name }

    /// nil if there is no device with this name by now.
    func deviceIndex(_ name: String) throws(InspectionFailure) -> UInt32? {
        try answer(to: LinkQuery(name: name))?.index
    }
}
