import Diagnosis

/// rp_filter: the sysctl that is in force for the receiving device, and the route that it would have wanted.
struct ReversePathCulprit: CulpritFinder {
    static let causes: Set = ["rp-filter"]
    /// Questions for addresses are looked at like packets to these addresses (net/ipv4/arp.c, arp_process).
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
        let settings = ["all", device.name].map { scope in
            (scope, namespace.sysctl("net/ipv4/conf/\(scope)/rp_filter").flatMap { Int($0) } ?? 0)
        }
        guard let highest = settings.max(by: { $0.1 < $1.1 }), highest.1 > 0 else {
            return .unknown(because: "rp_filter is 0 for \(device.name) by now; it may have been changed since")
        }
        if evidence.silence != nil {
            guard let target = evidence.destinationAddress, try namespace.kind(ofAddress: target) == "local" else {
                return .unknown(because: "the question is for another machine")
            }
        }
        var details = ["it is in force for \(device.name), by which the packet came"]
        if let route = try namespace.route(to: source), let wanted = route.dev {
            let way = route.gateway.map { "\(wanted) via \($0)" } ?? wanted
            guard highest.1 == 2 || wanted != device.name else {
                return .unknown(
                    because: "the route back to \(source) leaves by \(device.name) by now, which is in order")
            }
            details.append("the route back to \(source) leaves by \(way)")
        } else {
            details.append("there is no route back to \(source)")
        }
        let name = "net.ipv4.conf.\(highest.0).rp_filter"
        return .found(
            Culprit(
                kind: "sysctl", name: "\(name) = \(highest.1)\(highest.1 == 1 ? " (strict)" : " (loose)")",
                details: details, values: ["dev": device.name, "sysctl": name]))
    }
}
