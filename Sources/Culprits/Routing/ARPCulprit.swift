import Diagnosis
import Netlink
import Protocols

/// The sysctl that keeps the kernel from answering an ARP request for a local address on a device.
struct ARPCulprit: CulpritFinder {
    static let causes: Set = ["arp-ignored"]
    static let witnessed = causes

    func answer(
        to evidence: Evidence, cause: String, in namespace: any NamespaceView
    ) throws(InspectionFailure) -> CulpritAnswer {
        guard let sender = evidence.sourceAddress, let target = evidence.destinationAddress,
            let device = evidence.inDevice ?? evidence.device
        else { return .unknown(because: "the question was not captured, or not by which device it came") }
        // Most machines have neither set, so that the lookups below are skipped.
        guard ["arp_ignore", "arp_filter"].contains(where: { setting($0, device.name, namespace)?.value ?? 0 > 0 })
        else {
            return .unknown(because: "neither arp_ignore nor arp_filter is set by now")
        }
        guard try namespace.kind(ofAddress: target) == .local else {
            return .unknown(because: "\(target) is no address of this namespace by now")
        }
        if let (scope, value) = setting("arp_ignore", device.name, namespace), value > 0,
            try ignores(value, target, sender, device.name, namespace)
        {
            return .found(
                culprit(
                    "arp_ignore", scope, value, device.name, namespace,
                    "it forbids to answer for \(target) on \(device.name)"))
        }
        if let (scope, value) = setting("arp_filter", device.name, namespace), value > 0 {
            // net/ipv4/arp.c, arp_filter: looks up the route from the requested address to the requester.
            let way = try namespace.route(to: sender, from: target)?.dev
            if way != device.name {
                let detail =
                    way.map { "the way back to \(sender) leaves by \($0)" } ?? "there is no way back to \(sender)"
                return .found(culprit("arp_filter", scope, value, device.name, namespace, detail))
            }
        }
        return .unknown(because: "neither arp_ignore nor arp_filter explains it by now")
    }

    /// The higher value of `all` and of the device counts.
    private func setting(
        _ name: String, _ device: String, _ namespace: any NamespaceView
    ) -> (scope: String, value: Int)? {
        ["all", device].compactMap { scope in
            namespace.sysctl("net/ipv4/conf/\(scope)/\(name)").flatMap { Int($0) }.map { (scope, $0) }
        }.max { $0.1 < $1.1 }
    }

    /// The rules of `arp_ignore` in net/ipv4/arp.c.
    private func ignores(
        _ value: Int, _ target: String, _ sender: String, _ device: String, _ namespace: any NamespaceView
    ) throws(InspectionFailure) -> Bool {
        if value == 8 { return true }
        guard 1...3 ~= value else { return false }
        let addresses = try namespace.interfaceAddresses(target)
        let host: UInt8 = 254
        if value == 3 { return addresses.allSatisfy { $0.scope == host } }
        let index = try namespace.deviceIndex(device)
        let own = addresses.filter { $0.device == index }
        return value == 2 ? !own.contains { $0.local.contains(sender) } : own.isEmpty
    }

    private func culprit(
        _ name: String, _ scope: String, _ value: Int, _ device: String, _ namespace: any NamespaceView,
        _ detail: String
    ) -> Culprit {
        let setting = ["net", "ipv4", "conf", scope.replacing(".", with: "/"), name].joined(separator: ".")
        // Each scope whose value is not 0 counts.
        let scopes = [("all", "all"), (device, "{dev}")].filter {
            namespace.sysctl("net/ipv4/conf/\($0.0)/\(name)") ?? "0" != "0"
        }
        let command = "sysctl -w " + scopes.map { "net/ipv4/conf/\($0.1)/\(name)=0" }.joined(separator: " ")
        return Culprit(
            kind: "sysctl", name: "\(setting) = \(value)", details: [detail],
            values: ["dev": device, "sysctl": setting, "limit": String(value)],
            remedies: [Cause.Step(command: command, note: "answer for every local address")])
    }
}
