import Diagnosis

/// An address of this machine that is not yet, or no longer, in use.
struct TentativeAddressCulprit: CulpritFinder {
    static let causes: Set = ["address-tentative"]

    func answer(
        to evidence: Evidence, cause: String, in namespace: any NamespaceView
    ) throws(InspectionFailure) -> CulpritAnswer {
        guard evidence.isIPv6, let destination = evidence.destinationAddress else {
            return .unknown(because: "IPv4 addresses are in use at once")
        }
        guard let address = try namespace.unusableAddress(destination) else {
            return .unknown(because: "\(destination) is no address that waits to be used")
        }
        return .found(
            Culprit(
                kind: "address", name: "\(address.local)/\(address.length) dev \(address.device)",
                details: [
                    address.hasFailed
                        ? "another machine has the address, too: duplicate address detection has failed (dadfailed)"
                        : "the kernel still asks whether another machine has it (tentative)"
                ],
                values: ["dev": address.device, "daddr": address.local]))
    }
}

/// An address for which duplicate address detection has not succeeded.
struct UnusableAddress {
    var local: String
    var length: Int
    var device: String
    var hasFailed: Bool
}

extension NamespaceView {
    /// Returns nil if the namespace does not have the address, or uses it.
    func unusableAddress(_ address: String) throws(InspectionFailure) -> UnusableAddress? {
        let devices = try json(
            [DeviceAddresses].self, of: ["ip", "-6", "-j", "address", "show", "tentative", "to", address])
        for device in devices {
            for entry in device.addresses where entry.local == address {
                return UnusableAddress(
                    local: address, length: entry.prefixlen ?? 128, device: device.ifname ?? "?",
                    hasFailed: entry.dadfailed ?? false)
            }
        }
        return nil
    }
}
