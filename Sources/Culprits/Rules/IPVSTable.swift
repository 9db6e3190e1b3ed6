import Protocols

/// Services and connections of IPVS in files below /proc/net (net/netfilter/ipvs/ip_vs_ctl.c, ip_vs_conn.c). Numbers are
/// hexadecimal; an IPv4 address is one number, an IPv6 address eight.
struct IPVSTable {
    /// An address and a port in the notation of the tools.
    struct Place: Hashable, CustomStringConvertible {
        var address: String
        var port: UInt16

        var description: String { address.contains(":") ? "[\(address)]:\(port)" : "\(address):\(port)" }
    }

    struct Service {
        enum Key: Hashable {
            /// Port 0 stands for all ports without a service of their own.
            case place(transport: String, Place)
            case mark(UInt32)
        }

        var key: Key
        var scheduler: String
        var servers: [(place: Place, weight: Int)] = []
    }

    struct Connection {
        var transport: String
        var client: Place
        var virtual: Place
        var server: Place
    }

    var services: [Service] = []

    /// - Parameter listing: the text of /proc/net/ip_vs.
    init(_ listing: String) {
        for line in listing.split(separator: "\n") {
            let words = line.split(separator: " ")
            guard words.count > 2 else { continue }
            switch words[0] {
            case "->":
                guard let place = Self.place(words[1]), words.count > 3, let weight = Int(words[3]), !services.isEmpty
                else { continue }
                services[services.count - 1].servers.append((place, weight))
            case "FWM":
                guard let mark = UInt32(words[1], radix: 16) else { continue }
                services.append(Service(key: .mark(mark), scheduler: String(words[2])))
            default:
                guard let place = Self.place(words[1]) else { continue }
                let key = Service.Key.place(transport: words[0].lowercased(), place)
                services.append(Service(key: key, scheduler: String(words[2])))
            }
        }
    }

    /// Searches in the order of `ip_vs_service_find`.
    func service(transport: String, at place: Place, mark: UInt32) -> Service? {
        let anyPort = Place(address: place.address, port: 0)
        let keys: [Service.Key] = [
            .mark(mark), .place(transport: transport, place), .place(transport: transport, anyPort),
        ]
        return keys.lazy.compactMap { key in services.first { $0.key == key } }.first
    }

    /// - Parameter listing: the text of /proc/net/ip_vs_conn.
    static func connections(in listing: String) -> [Connection] {
        listing.split(separator: "\n").compactMap { line in
            let words = line.split(separator: " ")
            guard words.count > 6, let client = place(words[1], words[2]), let virtual = place(words[3], words[4]),
                let server = place(words[5], words[6])
            else { return nil }
            return Connection(transport: words[0].lowercased(), client: client, virtual: virtual, server: server)
        }
    }

    private static func place(_ text: Substring) -> Place? {
        guard let colon = text.lastIndex(of: ":") else { return nil }
        return place(text[..<colon], text[text.index(after: colon)...])
    }

    private static func place(_ address: Substring, _ port: Substring) -> Place? {
        guard let port = UInt16(port, radix: 16) else { return nil }
        let groups = address.drop { $0 == "[" }.prefix { $0 != "]" }.split(separator: ":")
        if groups.count == 1, let bits = UInt32(groups[0], radix: 16) {
            return Place(address: IPv4Address(bits: bits).text, port: port)
        }
        let numbers = groups.compactMap { UInt16($0, radix: 16) }
        guard groups.count == 8, numbers.count == 8 else { return nil }
        let halves = [numbers[..<4], numbers[4...]].map { $0.reduce(UInt64(0)) { $0 << 16 | UInt64($1) } }
        return Place(address: IPv6Address(high: halves[0], low: halves[1]).text, port: port)
    }
}
