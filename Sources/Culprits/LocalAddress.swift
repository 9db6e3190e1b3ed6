import Diagnosis

extension NamespaceView {
    /// What an address is for the namespace: "local", "broadcast", "multicast", "anycast", "unicast" if it is another
    /// machine's; nil: there is no way to it.
    func kind(ofAddress address: String) throws(InspectionFailure) -> String? {
        try route(to: address).map { $0.type ?? "unicast" }
    }
}

/// A device as `ip -j address` lists it; of one that has no address of those asked for ip(8) prints an empty object.
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
