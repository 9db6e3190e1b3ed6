import Diagnosis
import Netlink
import Protocols

extension NamespaceView {
    /// Type of an address in the namespace, or in one of its VRFs: unicast for addresses of other machines. nil if there is
    /// no route to it.
    func kind(ofAddress address: String, vrf: String? = nil) throws(InspectionFailure) -> Route.Kind? {
        try route(to: address, outDevice: vrf)?.kind
    }

    /// The entries of all devices for an address of this machine.
    func interfaceAddresses(_ address: String) throws(InspectionFailure) -> [InterfaceAddress] {
        guard let address = IPAddress(address) else { return [] }
        return try all(InterfaceAddresses(isIPv6: address.isIPv6)).filter { $0.local.address == address }
    }
}
