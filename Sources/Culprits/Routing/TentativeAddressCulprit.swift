import Diagnosis
import Netlink
import Protocols

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
        let entry = try interfaceAddresses(address).first { $0.flags & InterfaceAddress.Flags.tentative != 0 }
        return entry.map { entry in
            UnusableAddress(
                local: address, length: entry.local.length, device: deviceName(entry.device) ?? "?",
                hasFailed: entry.flags & InterfaceAddress.Flags.dadFailed != 0)
        }
    }
}
