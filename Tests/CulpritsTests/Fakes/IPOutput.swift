import Netlink

@testable import Culprits
import Protocols

/// Reads the output of ip(8) into the values that the kernel would have answered: tests show state as operators see it.
enum IPOutput {
    /// Lines of `ip route show table all`. Lines without a route, and words that do not matter here, are left out.
    static func routes(_ text: String) -> [Route] { text.split(separator: "\n").compactMap { route(String($0)) } }

    static func route(_ line: String) -> Route? {
        var words = line.split { $0 == " " || $0 == "\t" }[...]
        let kind = words.first.flatMap { kinds[String($0)] }
        if kind != nil { words.removeFirst() }
        guard let place = words.popFirst() else { return nil }
        let isIPv6 = line.contains(":")
        guard
            let destination = place == "default"
                ? IPPrefix(text: isIPv6 ? "::/0" : "0.0.0.0/0") : IPPrefix(text: String(place))
        else { return nil }
        var route = Route(
            family: isIPv6 ? .inet6 : .inet, type: (kind ?? .unicast).rawValue, destination: destination, table: 254)
        while let word = words.popFirst() {
            switch word {
            case "dev": route.device = words.popFirst().map { Devices.index(String($0)) }
            case "via": route.gateway = words.popFirst().flatMap { IPAddress(String($0)) }
            case "table": route.table = words.popFirst().map { table(String($0)) } ?? 0
            case "metric": route.metric = words.popFirst().flatMap { UInt32($0) }
            case "scope": route.scope = words.popFirst() == "link" ? 253 : 0
            case "proto": route.proto = words.popFirst() == "static" ? 4 : 0
            case "error": route.error = words.popFirst().flatMap { Int32($0) } ?? 0
            case "pref": route.preference = words.popFirst() == "medium" ? 0 : 1
            case "src": route.preferredSource = words.popFirst().flatMap { IPAddress(String($0)) }
            case "nexthop":
                _ = words.popFirst()
                guard let gateway = words.popFirst(), words.popFirst() == "dev", let device = words.popFirst() else {
                    return nil
                }
                route.nextHops.append(
                    .init(gateway: IPAddress(String(gateway)), device: Devices.index(String(device))))
            default: preconditionFailure("ip route: \(word)")
            }
        }
        // The origin that ip(8) does not print.
        if !line.contains(" proto ") { route.proto = 3 }
        return route
    }

    private static let kinds: [String: Route.Kind] = [
        "unicast": .unicast, "local": .local, "broadcast": .broadcast, "throw": .throw, "unreachable": .unreachable,
        "prohibit": .prohibit, "blackhole": .blackhole, "multicast": .multicast, "anycast": .anycast,
    ]

    private static func table(_ name: String) -> UInt32 {
        UInt32(name) ?? ["main": 254, "local": 255, "default": 253][name] ?? 0
    }

    /// Lines of `ip rule show`.
    static func rules(_ text: String) -> [RoutingRule] { text.split(separator: "\n").map { rule(String($0)) } }

    static func rule(_ line: String) -> RoutingRule {
        let parts = line.split(separator: ":", maxSplits: 1)
        var rule = RoutingRule(action: .table)
        rule.priority = UInt32(parts[0]) ?? 0
        var words = parts[1].split { $0 == " " || $0 == "\t" }.map(String.init)[...]
        while let word = words.popFirst() {
            switch word {
            case "not": rule.isInverted = true
            case "from": rule.source = words.popFirst().flatMap { IPPrefix(text: $0) }
            case "to": rule.destination = words.popFirst().flatMap { IPPrefix(text: $0) }
            case "iif": rule.inputDevice = words.popFirst()
            case "oif": rule.outputDevice = words.popFirst()
            case "fwmark":
                let marks = words.popFirst()?.split(separator: "/").map { UInt32($0.dropFirst(2), radix: 16) } ?? []
                (rule.mark, rule.markMask) = (marks[0], marks.count > 1 ? marks[1] : .max)
            case "ipproto": rule.ipProtocol = words.popFirst().flatMap { ["tcp": 6, "udp": 17][$0] }
            case "dport": rule.destinationPorts = words.popFirst().flatMap(range)
            case "sport": rule.sourcePorts = words.popFirst().flatMap(range)
            case "lookup":
                rule.selectsByVRF = words.first == "[l3mdev-table]"
                rule.table = words.popFirst().map(table) ?? 0
            case "suppress_prefixlength": rule.suppressedLength = words.popFirst().flatMap { Int32($0) }
            case "tun_id": rule.tunnelID = words.popFirst().flatMap { UInt64($0) }
            case "goto": (rule.actionNumber, rule.target) = (2, words.popFirst().flatMap { UInt32($0) })
            case "[detached]" where rule.outputDevice == nil: rule.isInputDetached = true
            case "[detached]": rule.isOutputDetached = true
            case "proto": rule.proto = words.popFirst() == "static" ? 4 : 2
            case "nop": rule.actionNumber = 3
            case "blackhole": rule.actionNumber = 6
            case "unreachable": rule.actionNumber = 7
            case "prohibit": rule.actionNumber = 8
            default: preconditionFailure("ip rule: \(word)")
            }
        }
        return rule
    }

    private static func range(_ text: String) -> ClosedRange<UInt16>? {
        let ends = text.split(separator: "-").compactMap { UInt16($0) }
        return ends.first.flatMap { first in ends.last.map { first...$0 } }
    }

    /// An element of `ip -j route get`.
    static func answer(_ json: [String: JSONText]) -> Route? {
        guard let address = json["dst"]?.text.flatMap({ IPPrefix(text: $0) }) else { return nil }
        let kind = json["type"]?.text.flatMap { kinds[$0] } ?? .unicast
        var route = Route(
            family: address.address.isIPv6 ? .inet6 : .inet, type: kind.rawValue, destination: address,
            table: json["table"]?.text.map(table) ?? 254)
        route.device = json["dev"]?.text.map(Devices.index)
        route.gateway = json["gateway"]?.text.flatMap { IPAddress($0) }
        route.mtu = json["metrics"]?.list.first?["mtu"]?.number.map { UInt32($0) }
        return route
    }
}
