import Diagnosis
import Netlink

extension NamespaceView {
    /// Type of an address in the namespace, or in one of its VRFs: unicast for addresses of other machines. nil if there is
    /// no route to it.
    func kind(ofAddress address: String, vrf: String? = nil) throws(InspectionFailure) -> Route.Kind? {
        try route(to: address, outDevice: vrf)?.kind
    }
}

/// A device as `ip -j address` lists it. If a device has none of the requested addresses, ip(8) prints an empty object.
struct DeviceAddresses: Decodable {
    struct Address: Decodable {
        var local: String?
        var prefixlen: Int?
        var scope: String?
        var dadfailed: Bool?
    }

    var ifname: String?
    private var entries: [Address]?

    var addresses: [Address] { entries ?? [] }

    private enum CodingKeys: String, CodingKey {
        case ifname
        case entries = "addr_info"
    }
}
