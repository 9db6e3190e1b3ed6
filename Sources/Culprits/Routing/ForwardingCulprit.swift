import Diagnosis
import Netlink
import Protocols

/// The sysctl that keeps the machine from forwarding, or the missing route to an address of its own.
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
        if let destination = evidence.destinationAddress,
            let answer = try ownAddress(destination, family: evidence.isIPv6 ? "-6" : "-4", in: namespace)
        {
            return answer
        }
        let switches = evidence.isIPv6 ? Self.ipv6 : ["net/ipv4/ip_forward", "net/ipv4/conf/\(device.name)/forwarding"]
        let values = switches.map { namespace.sysctl($0) }
        guard values.last != .some(nil) else { return .unknown(because: "the device \(device.name) is gone") }
        guard values.last == "0" else {
            return .unknown(because: "\(device.name) forwards by now; it may have been changed since")
        }
        // Changing the global switch sets the switches of all devices, so that the global one is the culprit if both
        // are 0.
        guard let path = values.firstIndex(of: "0").map({ switches[$0] }) else { return .none }
        let name = path.split(separator: "/").map { $0.replacing(".", with: "/") }.joined(separator: ".")
        return .found(
            Culprit(
                kind: "sysctl", name: "\(name) = 0",
                details: ["packets that come in by \(device.name) are not forwarded"],
                values: ["dev": device.name, "sysctl": name],
                remedies: [
                    Cause.Step(
                        command: "sysctl -w {sysctl}=1",
                        note: "forward "
                            + (path.contains("/conf/\(device.name)/") ? "what {dev} receives" : "on all devices")),
                    Cause.Step(
                        command: "ip address add {daddr} dev {dev}",
                        note: "or, if it should be its own address, configure it"),
                ]))
    }

    /// A packet to an address of this machine is delivered because of the address's route in the table `local`, which the
    /// kernel makes with the address. nil if no device has the address.
    private func ownAddress(
        _ destination: String, family: String, in namespace: any NamespaceView
    ) throws(InspectionFailure) -> CulpritAnswer? {
        guard let address = IPAddress(destination), let entry = try namespace.interfaceAddresses(destination).first
        else { return nil }
        let device = namespace.deviceName(entry.device) ?? "?"
        let isLocal = try namespace.all(CoveringRoutes(of: address)).contains { $0.kind == .local }
        guard !isLocal else {
            return .unknown(
                because: "\(destination) is an address of \(device): look at the rules ('ip rule') and at the VRFs "
                    + "that decide where packets of other devices are looked up")
        }
        return .found(
            Culprit(
                kind: "route", name: "local \(destination) dev \(device): not in the table local",
                details: [
                    "\(device) has the address, but without this route packets to it are taken for another machine's"
                ],
                values: ["dev": device, "daddr": destination, "family": family],
                remedies: [
                    Cause.Step(
                        command: "ip {family} route add local {daddr} dev {dev} table local",
                        note: "make the route again, which the kernel makes with the address")
                ]))
    }

    /// IPv6 checks only this switch, none of a device (net/ipv6/ip6_output.c, ip6_forward).
    private static let ipv6 = ["net/ipv6/conf/all/forwarding"]
}
