import HostInspection
import Netlink
import Protocols

/// Prints routes and rules as ip(8) does, whose commands operators know.
struct RouteText {
    let names: RoutingNames
    /// nil for devices that are gone.
    let deviceName: (UInt32) -> String?

    init(_ namespace: any NamespaceView) {
        names = namespace.routingNames()
        deviceName = { namespace.deviceName($0) }
    }

    /// A line of `ip route show table all`.
    func text(_ route: Route) -> String {
        var words: [String] = []
        func add(_ name: String, _ value: String?) {
            if let value { words += [name, value] }
        }
        if route.kind != .unicast { words.append(route.kind.map { "\($0)" } ?? String(route.type)) }
        words.append(Self.destination(route))
        add("from", route.source?.text)
        add("tos", route.tos == 0 ? nil : Self.tos(route.tos))
        add("nhid", route.nextHopGroup.map(String.init))
        if let gateway = route.gateway {
            words +=
                gateway.isIPv6 == (route.family == .inet6) ? ["via", gateway.text] : ["via", "inet6", gateway.text]
        }
        add("dev", route.device.map(device))
        add("table", route.table == Self.main ? nil : table(route.table))
        if route.flags & Route.Flags.cloned == 0 {
            let boot = 3
            add("proto", route.proto == boot ? nil : Self.name(UInt32(route.proto), names.origins))
            add("scope", route.scope == 0 ? nil : Self.name(UInt32(route.scope), names.scopes))
        }
        add("src", route.preferredSource?.text)
        add("metric", route.metric.map(String.init))
        words += Self.flags(route.flags)
        add("mark", route.mark.map { $0 >= 16 ? "0x" + String($0, radix: 16) : String($0) })
        add("expires", route.expires == 0 ? nil : "\(route.expires)sec")
        add("error", route.error == 0 ? nil : String(route.error))
        if let mtu = route.mtu { words += route.isMTULocked ? ["mtu", "lock", String(mtu)] : ["mtu", String(mtu)] }
        add("pref", route.preference.map(Self.preference))
        return words.joined(separator: " ")
    }

    /// A line of `ip rule show`.
    func text(_ rule: RoutingRule) -> String {
        var words: [String] = rule.isInverted ? ["not"] : []
        func add(_ name: String, _ value: String?) {
            if let value { words += [name, value] }
        }
        words += ["from", rule.source?.text ?? "all"]
        add("to", rule.destination?.text)
        add("tos", rule.tos == 0 ? nil : Self.tos(rule.tos))
        add("fwmark", Self.mark(rule))
        add("iif", rule.inputDevice.map { $0 + (rule.isInputDetached ? " [detached]" : "") })
        add("oif", rule.outputDevice.map { $0 + (rule.isOutputDetached ? " [detached]" : "") })
        if rule.selectsByVRF { add("lookup", "[l3mdev-table]") }
        add("uidrange", rule.users.map { "\($0.lowerBound)-\($0.upperBound)" })
        add("ipproto", rule.ipProtocol.map { IPProtocolName.text($0) ?? "ipproto-\($0)" })
        add("sport", rule.sourcePorts.map(Self.ports))
        add("dport", rule.destinationPorts.map(Self.ports))
        add("tun_id", rule.tunnelID.map(String.init))
        if rule.table != 0 {
            add("lookup", table(rule.table))
            add("suppress_prefixlength", rule.suppressedLength.map(String.init))
            add("suppress_ifgroup", rule.suppressedGroup.map(String.init))
        }
        add("realms", rule.realm.map(Self.realms))
        words += Self.action(rule)
        let kernel: UInt8 = 2
        add("proto", [0, kernel].contains(rule.proto) ? nil : Self.name(UInt32(rule.proto), names.origins))
        return "\(rule.priority):\t" + words.joined(separator: " ")
    }

    /// RT_TABLE_MAIN
    static let main: UInt32 = 254

    static func destination(_ route: Route) -> String {
        route.destination.length > 0
            ? route.destination.text : route.destination.address.isUnspecified ? "default" : route.destination.text
    }

    private func device(_ index: UInt32) -> String { deviceName(index) ?? "if\(index)" }

    private func table(_ number: UInt32) -> String { Self.name(number, names.tables) }

    private static func name(_ number: UInt32, _ names: [UInt32: String]) -> String { names[number] ?? String(number) }

    private static func tos(_ value: UInt8) -> String { "0x" + value.hexadecimal(digits: 2) }

    private static func ports(_ range: ClosedRange<UInt16>) -> String {
        range.count == 1 ? String(range.lowerBound) : "\(range.lowerBound)-\(range.upperBound)"
    }

    private static func realms(_ realm: UInt32) -> String {
        realm >> 16 == 0 ? String(realm) : "\(realm >> 16)/\(realm & 0xffff)"
    }

    private static func mark(_ rule: RoutingRule) -> String? {
        guard rule.mark != nil || rule.markMask != nil else { return nil }
        let mark = "0x" + String(rule.mark ?? 0, radix: 16)
        return rule.markMask.map { $0 == .max ? mark : mark + "/0x" + String($0, radix: 16) } ?? mark
    }

    private static func action(_ rule: RoutingRule) -> [String] {
        switch rule.action {
        case .table: []
        case .goto: ["goto", rule.target.map(String.init) ?? "none"] + (rule.isTargetMissing ? ["[unresolved]"] : [])
        case let action?: ["\(action)"]
        case nil: [String(rule.actionNumber)]
        }
    }

    private static func flags(_ flags: UInt32) -> [String] {
        [
            (Route.Flags.dead, "dead"), (Route.Flags.onlink, "onlink"), (Route.Flags.pervasive, "pervasive"),
            (Route.Flags.offload, "offload"), (Route.Flags.trap, "trap"), (Route.Flags.linkDown, "linkdown"),
            (Route.Flags.unresolved, "unresolved"),
        ].compactMap { flags & $0.0 != 0 ? $0.1 : nil }
    }

    /// ICMPV6_ROUTER_PREF_LOW and so on (include/uapi/linux/icmpv6.h).
    private static func preference(_ value: UInt8) -> String {
        [0: "medium", 1: "high", 3: "low"][value] ?? String(value)
    }
}
