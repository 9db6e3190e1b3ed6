import NetfilterRules

/// Packets from the network header on, with only the fields that rules read.
enum Packets {
    static func ipv4(
        _ transport: UInt8, _ payload: [UInt8], source: [UInt8] = [10, 0, 0, 1], destination: [UInt8] = [10, 0, 0, 2],
        tos: UInt8 = 0, ttl: UInt8 = 64, fragment: UInt16 = 0
    ) -> [UInt8] {
        let length = UInt16(20 + payload.count)
        return [
            0x45, tos, UInt8(length >> 8), UInt8(length & 0xff), 0, 7, UInt8(fragment >> 8), UInt8(fragment & 0xff),
        ]
            + [ttl, transport, 0, 0] + source + destination + payload
    }

    /// From fd00::1 to fd00::2.
    static func ipv6(_ next: UInt8, _ payload: [UInt8], hopLimit: UInt8 = 64) -> [UInt8] {
        let prefix: [UInt8] = [0xfd] + [UInt8](repeating: 0, count: 14)
        return [0x60, 0, 0, 0, UInt8(payload.count >> 8), UInt8(payload.count & 0xff), next, hopLimit]
            + prefix + [1] + prefix + [2] + payload
    }

    static func tcp(_ port: UInt16, flags: UInt8 = 0x02, from source: UInt16 = 40000) -> [UInt8] {
        ports(source, port) + [0, 0, 0, 1, 0, 0, 0, 0, 0x50, flags, 4, 0, 0, 0, 0, 0]
    }

    static func udp(_ port: UInt16, from source: UInt16 = 40000) -> [UInt8] {
        ports(source, port) + [0, 12, 0, 0, 1, 2, 3, 4]
    }

    static func icmp(_ type: UInt8, _ code: UInt8 = 0) -> [UInt8] {
        [type, code, 0, 0, 0, 1, 0, 2]
    }

    private static func ports(_ source: UInt16, _ destination: UInt16) -> [UInt8] {
        [UInt8(source >> 8), UInt8(source & 0xff), UInt8(destination >> 8), UInt8(destination & 0xff)]
    }

    static let syn22 = ipv4(6, tcp(22))
    static let udp53 = ipv4(17, udp(53))
    static let echo = ipv4(1, icmp(8))
    static let syn22IPv6 = ipv6(6, tcp(22))
}

/// The result of one rule for a packet.
enum Meaning: Equatable, CustomStringConvertible {
    case matches, passes, unknown

    init(_ answer: Answer) {
        self =
            switch answer {
            case .culprit: .matches
            case .nothing: .passes
            case .candidates, .changed: .unknown
            }
    }

    var description: String {
        switch self {
        case .matches: "matches"
        case .passes: "passes"
        case .unknown: "unknown"
        }
    }
}

/// Rule sets in the syntax of `nft -j list ruleset`.
enum Nftables {
    static func ruleset(_ objects: [String]) throws -> Ruleset {
        var listings = RulesetListings()
        listings.nftablesJSON = json(objects)
        return try Ruleset(listings)
    }

    static func json(_ objects: [String]) -> String {
        let version = #"{"metainfo": {"json_schema_version": 1}}"#
        return #"{"nftables": ["# + ([version] + objects).joined(separator: ", ") + "]}"
    }

    static func table(_ family: String = "inet", _ name: String = "t") -> String {
        #"{"table": {"family": "\#(family)", "name": "\#(name)", "handle": 1}}"#
    }

    static func chain(_ name: String, table: String = "t", family: String = "inet") -> String {
        #"{"chain": {"family": "\#(family)", "table": "\#(table)", "name": "\#(name)", "handle": 1}}"#
    }

    static func base(
        _ name: String, table: String = "t", family: String = "inet", hook: String = "input", priority: Int = 0,
        policy: String = "accept", type: String = "filter", device: String? = nil
    ) -> String {
        let device = device.map { #", "dev": "\#($0)""# } ?? ""
        return
            #"{"chain": {"family": "\#(family)", "table": "\#(table)", "name": "\#(name)", "handle": 1, "type": "\#(type)", "#
            + #""hook": "\#(hook)", "prio": \#(priority), "policy": "\#(policy)"\#(device)}}"#
    }

    static func rule(
        _ handle: Int, _ chain: String, _ expressions: String, table: String = "t", family: String = "inet"
    ) -> String {
        #"{"rule": {"family": "\#(family)", "table": "\#(table)", "chain": "\#(chain)", "handle": \#(handle), "#
            + #""expr": [\#(expressions)]}}"#
    }

    static let drop = #"{"drop": null}"#
    static let accept = #"{"accept": null}"#
    static let port22 =
        #"{"match": {"op": "==", "left": {"payload": {"protocol": "tcp", "field": "dport"}}, "right": 22}}"#
    static let port80 =
        #"{"match": {"op": "==", "left": {"payload": {"protocol": "tcp", "field": "dport"}}, "right": 80}}"#
    static let someState = #"{"match": {"op": "in", "left": {"ct": {"key": "state"}}, "right": "invalid"}}"#
}

extension HookCrossing {
    static func input(_ packet: [UInt8], mark: UInt32? = nil, connection: ConnectionState = .unknown) -> HookCrossing {
        HookCrossing(
            hook: .input, family: packet[0] >> 4 == 6 ? .ipv6 : .ipv4, packet: packet, input: "eth0", mark: mark,
            connection: connection)
    }
}

extension Answer {
    /// Handles of the suspected rules; 0 for a policy.
    var handles: [UInt64] {
        suspects.map {
            if case .rule(let rule) = $0.culprit { rule.handle ?? UInt64(rule.number ?? -1) } else { 0 }
        }
    }
}
