import Diagnosis

/// The reason that a device has no IPv6: its sysctl, or an MTU that is too small.
struct IPv6OffCulprit: CulpritFinder {
    static let causes: Set = ["ipv6-disabled"]

    /// IPV6_MIN_MTU, include/uapi/linux/ipv6.h. A device with a smaller MTU has no IPv6 (net/ipv6/addrconf.c,
    /// addrconf_notify).
    private static let leastMTU = 1280

    func answer(
        to evidence: Evidence, cause: String, in namespace: any NamespaceView
    ) throws(InspectionFailure) -> CulpritAnswer {
        // The outgoing device is at fault in net/ipv6/ip6_output.c, ip6_output.
        let incoming = evidence.function == "ip6_output" ? nil : evidence.inDevice?.name
        guard let device = incoming ?? evidence.device?.name else {
            return .unknown(because: "the trace does not show the device")
        }
        if let value = namespace.sysctl("net/ipv6/conf/\(device)/disable_ipv6") {
            guard value != "0" else { return .unknown(because: "IPv6 is on on \(device) by now") }
            let name = "net.ipv6.conf.\(device.replacing(".", with: "/")).disable_ipv6"
            return .found(
                Culprit(
                    kind: "sysctl", name: "\(name) = \(value)", details: ["\(device) takes no IPv6"],
                    values: ["sysctl": name, "dev": device],
                    remedies: [
                        Cause.Step(
                            command: "sysctl -w {sysctl}=0",
                            note: "turn it on; addresses that were set by hand have to be added again")
                    ]))
        }
        guard let link = try namespace.networkLink(device), let mtu = link.mtu, mtu < Self.leastMTU else {
            return .unknown(because: "\(device) has no IPv6 by now, and its MTU is not the reason")
        }
        return .found(
            Culprit(
                kind: "mtu", name: "\(device) mtu \(mtu), less than \(Self.leastMTU)",
                details: ["IPv6 needs an MTU of \(Self.leastMTU): below it the kernel takes IPv6 off the device"],
                values: ["dev": device, "mtu": String(Self.leastMTU)],
                remedies: [
                    Cause.Step(
                        command: "ip link set dev {dev} mtu {mtu}",
                        note: "the least MTU for IPv6; addresses that were set by hand have to be added again")
                ]))
    }
}
