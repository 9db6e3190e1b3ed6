import Diagnosis
import Netlink
import Protocols

/// The device whose MAC address differs from the frame's destination.
struct OtherHostCulprit: CulpritFinder {
    static let causes: Set = ["not-for-this-host"]

    func answer(
        to evidence: Evidence, cause: String, in namespace: any NamespaceView
    ) throws(InspectionFailure) -> CulpritAnswer {
        guard let device = evidence.device?.name, let wanted = evidence.frame?.destination else {
            return .unknown(because: "the trace does not show the frame's MAC address and its device")
        }
        guard let link = try namespace.networkLink(device), let own = link.address else {
            return .unknown(because: "the device \(device) is gone, or has no MAC address")
        }
        guard !wanted.isGroup, wanted.text != own else {
            return .unknown(
                because: """
                    the frame is for \(device)'s own MAC address \(wanted.text) or a group; so it was marked as another's \
                    before: it had a VLAN tag that no device takes, or tc changed its type (skbedit ptype)
                    """)
        }
        var details: [String] = []
        if let owner = try owner(of: wanted.text, in: namespace) {
            details.append("that is the address of \(owner), here")
        }
        if let count = link.device.promiscuity, count > 0 {
            details.append(
                "\(device) takes in frames for others: it is promiscuous, by a capture, a bridge or a setting")
        }
        if let sender = evidence.frame?.source.text {
            details.append("\(sender) sent it: if it was meant for \(device), the mistake is there")
        }
        return .found(
            Culprit(
                kind: "device", name: "\(device) has the MAC address \(own), the frame is for \(wanted.text)",
                details: details, values: ["dev": device, "mac": wanted.text]))
    }

    private func owner(of address: String, in namespace: any NamespaceView) throws(InspectionFailure) -> String? {
        try namespace.networkLinks { LinkAddress.text($0.address) == address }.first?.ifname
    }
}
