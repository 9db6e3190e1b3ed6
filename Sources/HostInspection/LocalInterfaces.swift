internal import Glibc

/// Network devices of the process' network namespace.
public enum LocalInterfaces {
    /// The device of the default route, else the first one that is up and is not loopback. Returns nil without either.
    public static var primary: String? {
        defaultRoute(text("/proc/net/route") ?? "", text("/proc/net/ipv6_route") ?? "") ?? firstUp
    }

    public static func exists(_ name: String) -> Bool { if_nametoindex(name) > 0 }

    /// The device that has an address.
    ///
    /// - Parameter address: 4 or 16 bytes, in the order of the wire.
    public static func name(ofAddress address: [UInt8]) -> String? {
        first { entry in
            guard let socket = entry.ifa_addr else { return false }
            switch (Int32(socket.pointee.sa_family), address.count) {
            case (AF_INET, 4):
                return socket.withMemoryRebound(to: sockaddr_in.self, capacity: 1) {
                    withUnsafeBytes(of: $0.pointee.sin_addr) { $0.elementsEqual(address) }
                }
            case (AF_INET6, 16):
                return socket.withMemoryRebound(to: sockaddr_in6.self, capacity: 1) {
                    withUnsafeBytes(of: $0.pointee.sin6_addr) { $0.elementsEqual(address) }
                }
            default: return false
            }
        }
    }

    private static var firstUp: String? {
        let (up, loopback) = (UInt32(IFF_UP), UInt32(IFF_LOOPBACK))
        return first { $0.ifa_flags & (up | loopback) == up }
    }

    private static func first(where body: (ifaddrs) -> Bool) -> String? {
        var list: UnsafeMutablePointer<ifaddrs>?
        guard getifaddrs(&list) == 0 else { return nil }
        defer { freeifaddrs(list) }
        var next = list
        while let entry = next?.pointee {
            if body(entry) { return String(cString: entry.ifa_name) }
            next = entry.ifa_next
        }
        return nil
    }

    /// The device of the default route with the lowest metric, in the formats of `fib_route_seq_show` (net/ipv4/fib_trie.c)
    /// and of `rt6_info_route` (net/ipv6/route.c). Routes of IPv6 count where there are none of IPv4.
    static func defaultRoute(_ ipv4: String, _ ipv6: String) -> String? {
        let isUp: UInt32 = 1
        var routes: [(metric: UInt32, device: String)] = []
        for line in ipv4.split(separator: "\n") {
            let words = line.split(whereSeparator: \.isWhitespace).map(String.init)
            guard words.count >= 8, words[1] == "00000000", words[7] == "00000000",
                let flags = UInt32(words[3], radix: 16), flags & isUp != 0, let metric = UInt32(words[6])
            else { continue }
            routes.append((metric, words[0]))
        }
        if let best = routes.min(by: { $0.metric < $1.metric }) { return best.device }
        for line in ipv6.split(separator: "\n") {
            let words = line.split(whereSeparator: \.isWhitespace).map(String.init)
            guard words.count == 10, words[0].allSatisfy({ $0 == "0" }), words[1] == "00", words[9] != "lo",
                let flags = UInt32(words[8], radix: 16), flags & isUp != 0, let metric = UInt32(words[5], radix: 16)
            else { continue }
            routes.append((metric, words[9]))
        }
        return routes.min { $0.metric < $1.metric }?.device
    }
}
