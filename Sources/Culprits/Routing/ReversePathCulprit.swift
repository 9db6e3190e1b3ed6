import Diagnosis
import Netlink
import Protocols

/// rp_filter: the sysctl in effect for the receiving device, and the route that it expects.
struct ReversePathCulprit: CulpritFinder {
    static let causes: Set = ["rp-filter"]
    /// ARP requests pass the same check as packets to the requested address (net/ipv4/arp.c, arp_process).
    static let witnessed = causes

    /// Documentation/networking/ip-sysctl.rst: the higher value of `all` and of the device counts.
    func answer(
        to evidence: Evidence, cause: String, in namespace: any NamespaceView
    ) throws(InspectionFailure) -> CulpritAnswer {
        guard let device = evidence.inDevice ?? evidence.device, let source = evidence.sourceAddress else {
            return .unknown(
                because: "the trace does not show by which device the packet came; trace the group link too")
        }
        guard !evidence.isIPv6 else {
            return .unknown(because: "IPv6 has no rp_filter sysctl: a netfilter rule (rpfilter, fib) does this")
        }
        let settings: [(scope: String, value: Int)] = ["all", device.name].map { scope in
            (scope, namespace.sysctl("net/ipv4/conf/\(scope)/rp_filter").flatMap { Int($0) } ?? 0)
        }
        guard let highest = settings.max(by: { $0.1 < $1.1 }), highest.1 > 0 else {
            return .unknown(because: "rp_filter is 0 for \(device.name) by now; it may have been changed since")
        }
        if evidence.unanswered != nil {
            guard let target = evidence.destinationAddress, try namespace.kind(ofAddress: target) == .local else {
                return .unknown(because: "the question is for another machine")
            }
        }
        var details = ["it is in force for \(device.name), by which the packet came"]
        var remedies = [off(settings)]
        if let route = try namespace.route(to: source), let wanted = route.dev {
            let way = route.gateway.map { "\(wanted) via \($0)" } ?? wanted
            // In loose mode any route to the source is sufficient.
            guard highest.1 == 1, wanted != device.name else {
                return .unknown(because: "the route back to \(source) leaves by \(way) by now, which is in order")
            }
            details.append("the route back to \(source) leaves by \(way)")
            remedies.insert(Self.loose, at: 0)
        } else {
            details.append("there is no route back to \(source)")
        }
        let name = "net.ipv4.conf.\(highest.0.replacing(".", with: "/")).rp_filter"
        return .found(
            Culprit(
                kind: "sysctl", name: "\(name) = \(highest.1)\(highest.1 == 1 ? " (strict)" : " (loose)")",
                details: details, values: ["dev": device.name, "sysctl": name], remedies: remedies + [Self.byMark]))
    }

    private static let loose = Cause.Step(
        command: "sysctl -w net/ipv4/conf/{dev}/rp_filter=2",
        note: "loose: any route to the source will do; the higher value of 'all' and {dev} counts")
    private static let byMark = Cause.Step(
        command: "sysctl -w net/ipv4/conf/{dev}/src_valid_mark=1",
        note: "if a firewall mark chooses the route (WireGuard does this)")

    /// The check stays active while any of the values is not 0.
    private func off(_ settings: [(scope: String, value: Int)]) -> Cause.Step {
        let scopes = settings.filter { $0.value > 0 }.map { $0.scope == "all" ? "all" : "{dev}" }
        return Cause.Step(
            command: "sysctl -w " + scopes.map { "net/ipv4/conf/\($0)/rp_filter=0" }.joined(separator: " "),
            note: "no check; the source address may then be forged")
    }
}
