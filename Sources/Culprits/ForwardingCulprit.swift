import Diagnosis

/// The sysctl that keeps the machine from forwarding.
struct ForwardingCulprit: CulpritFinder {
    static let causes: Set = ["forwarding-off"]

    func answer(
        to evidence: Evidence, cause: String, in namespace: any NamespaceView
    ) throws(InspectionFailure) -> CulpritAnswer {
        guard let device = evidence.inDevice ?? evidence.device else {
            return .unknown(
                because: "the trace does not show by which device the packet came; trace the group link too")
        }
        if evidence.isIPv6, let destination = evidence.destinationAddress,
            (try? namespace.unusableAddress(destination)) != nil
        {
            return .unknown(because: "\(destination) is an address of this machine, though not in use")
        }
        let family = evidence.isIPv6 ? "ipv6" : "ipv4"
        guard let value = namespace.sysctl("net/\(family)/conf/\(device.name)/forwarding") else {
            return .unknown(because: "the device \(device.name) is gone")
        }
        guard value == "0" else {
            return .unknown(because: "\(device.name) forwards by now; it may have been changed since")
        }
        let whole = evidence.isIPv6 ? "net.ipv6.conf.all.forwarding" : "net.ipv4.ip_forward"
        let all = namespace.sysctl(whole.split(separator: ".").joined(separator: "/")) ?? "0"
        let name = all == "0" ? whole : "net.\(family).conf.\(device.name).forwarding"
        return .found(
            Culprit(
                kind: "sysctl", name: "\(name) = 0",
                details: ["packets that come in by \(device.name) are not forwarded"],
                values: ["dev": device.name, "sysctl": name]))
    }
}
