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
