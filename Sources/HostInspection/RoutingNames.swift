/// Names of routing tables, origins and scopes of routes, as ip(8) prints them (/etc/iproute2).
public struct RoutingNames: Sendable, Equatable {
    public var tables: [UInt32: String] = [253: "default", 254: "main", 255: "local", 0: "unspec"]
    /// Of the kind `proto`.
    public var origins: [UInt32: String] = [
        0: "unspec", 1: "redirect", 2: "kernel", 3: "boot", 4: "static", 8: "gated", 9: "ra", 10: "mrt", 11: "zebra",
        12: "bird", 13: "dnrouted", 14: "xorp", 15: "ntk", 16: "dhcp", 18: "keepalived", 42: "babel", 186: "bgp",
        187: "isis", 188: "ospf", 189: "rip", 192: "eigrp",
    ]
    public var scopes: [UInt32: String] = [0: "global", 200: "site", 253: "link", 254: "host", 255: "nowhere"]

    /// The names that every machine has.
    public init() {}

    /// The names that the administrator of this machine has given.
    public static func ofThisMachine() -> RoutingNames {
        var names = RoutingNames()
        for folder in ["/usr/lib/iproute2", "/usr/share/iproute2", "/etc/iproute2"] {
            names.tables.merge(pairs("\(folder)/rt_tables")) { $1 }
            names.origins.merge(pairs("\(folder)/rt_protos")) { $1 }
            names.scopes.merge(pairs("\(folder)/rt_scopes")) { $1 }
        }
        return names
    }

    /// The numbers and names in a file, and in the files of the folder that belongs to it.
    private static func pairs(_ path: String) -> [UInt32: String] {
        let more = entries(of: path + ".d").filter { $0.hasSuffix(".conf") }.sorted().map { "\(path).d/\($0)" }
        return ([path] + more).reduce(into: [:]) { all, file in
            all.merge(parse(text(file) ?? "")) { $1 }
        }
    }

    /// Lines such as `100 uplink` or `0x64 uplink`.
    static func parse(_ text: String) -> [UInt32: String] {
        var names: [UInt32: String] = [:]
        for line in text.split(separator: "\n") {
            let words = line.prefix { $0 != "#" }.split { $0 == " " || $0 == "\t" }
            guard words.count >= 2 else { continue }
            let number = words[0].hasPrefix("0x") ? UInt32(words[0].dropFirst(2), radix: 16) : UInt32(words[0])
            if let number { names[number] = String(words[1]) }
        }
        return names
    }
}
