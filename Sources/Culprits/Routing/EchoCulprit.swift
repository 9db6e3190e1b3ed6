import Diagnosis
import Netlink
import Protocols

/// The sysctl that keeps the kernel from answering pings.
struct EchoCulprit: CulpritFinder {
    static let causes: Set = ["icmp-ignored", "icmp-refused"]
    static let witnessed: Set = ["icmp-ignored"]

    func answer(
        to evidence: Evidence, cause: String, in namespace: any NamespaceView
    ) throws(InspectionFailure) -> CulpritAnswer {
        guard let destination = evidence.destinationAddress else {
            return .unknown(because: "the packet's destination was not captured")
        }
        guard evidence.packet.flatMap({ UnansweredRequest($0) }) == .echoRequest else { return .none }
        // Pings to group addresses are dropped with a reason, and every machine ignores them by default.
        if evidence.unanswered != nil, !evidence.isIPv6, isOff("ipv4/icmp_echo_ignore_all", namespace) {
            return .unknown(because: "pings are answered")
        }
        guard let kind = try namespace.kind(ofAddress: destination), kind != .unicast else {
            return .unknown(because: "\(destination) is no address of this namespace by now")
        }
        if let culprit = try directedBroadcast(evidence, destination, kind, in: namespace) { return .found(culprit) }
        for name in Self.settings(kind, isIPv6: evidence.isIPv6) {
            guard let value = namespace.sysctl("net/" + name), !isOff(name, namespace) else { continue }
            let setting = "net." + name.replacing("/", with: ".")
            return .found(
                Culprit(
                    kind: "sysctl", name: "\(setting) = \(value)",
                    details: ["pings to \(destination) are not answered"],
                    values: ["sysctl": setting, "limit": value],
                    remedies: [Cause.Step(command: "sysctl -w {sysctl}=0", note: "answer such pings")]))
        }
        return .unknown(because: "no setting explains it by now; it may have been changed since")
    }

    /// A ping to the broadcast address of another network of a router: brd_input of ip_route_input_slow
    /// (net/ipv4/route.c) takes it for the router itself unless IN_DEV_BFORWARD holds, which needs both settings.
    private func directedBroadcast(
        _ evidence: Evidence, _ destination: String, _ kind: Route.Kind, in namespace: any NamespaceView
    ) throws(InspectionFailure) -> Culprit? {
        guard kind == .broadcast, let address = IPAddress(destination), !address.isIPv6,
            let device = evidence.inDevice ?? evidence.device, !isOff("ipv4/conf/\(device.name)/forwarding", namespace)
        else { return nil }
        let holders = try namespace.all(InterfaceAddresses(isIPv6: false)).filter {
            address.isIn($0.local.address, length: $0.local.length)
        }
        guard !holders.isEmpty, !holders.contains(where: { $0.device == device.ifindex }) else { return nil }
        let settings = ["all", device.name].map { "ipv4/conf/\($0)/bc_forwarding" }
        guard let off = settings.first(where: { namespace.sysctl("net/" + $0) == "0" }) else { return nil }
        func name(_ path: String) -> String {
            "net." + path.split(separator: "/").map { $0.replacing(".", with: "/") }.joined(separator: ".")
        }
        return Culprit(
            kind: "sysctl", name: "\(name(off)) = 0",
            details: [
                "\(destination) is the broadcast address of another network than that of \(device.name), and is not "
                    + "forwarded there",
                "this machine took the ping for itself, and answers no pings to such addresses",
            ],
            values: ["sysctl": name(off)],
            remedies: [
                Cause.Step(
                    command: "sysctl -w " + settings.map { name($0) + "=1" }.joined(separator: " "),
                    note: "forward broadcasts for other networks, which an attacker can use to multiply traffic")
            ])
    }

    private func isOff(_ name: String, _ namespace: any NamespaceView) -> Bool {
        ["0", nil].contains(namespace.sysctl("net/" + name))
    }

    /// Settings that apply to a kind of address (Documentation/networking/ip-sysctl.rst).
    private static func settings(_ kind: Route.Kind, isIPv6: Bool) -> [String] {
        guard isIPv6 else {
            let all = "ipv4/icmp_echo_ignore_all"
            return kind == .local ? [all] : [all, "ipv4/icmp_echo_ignore_broadcasts"]
        }
        let all = "ipv6/icmp/echo_ignore_all"
        switch kind {
        case .multicast: return [all, "ipv6/icmp/echo_ignore_multicast"]
        case .anycast: return [all, "ipv6/icmp/echo_ignore_anycast"]
        default: return [all]
        }
    }
}
