internal import Glibc

/// --saddr, --daddr, --addr: an address, a network or a host name becomes a `host` or `net` primitive, which matches
/// IPv4, IPv6, ARP and RARP alike.
struct AddressClause {
    /// "src ", "dst " or nothing for either end.
    let direction: String

    func text(_ item: String, option: String) throws(FilterError) -> String {
        let parts = item.split(separator: "/", maxSplits: 1, omittingEmptySubsequences: false).map(String.init)
        let address = parts[0]
        if parts.count == 2 {
            return try network(address, prefix: parts[1], item, option)
        }
        if IPAddress(address) != nil {
            return "\(direction)host \(address)"
        }
        try checkName(address, option)
        // The backslash keeps libpcap from taking a host called "gateway" or "tcp" for a keyword.
        let clause = "\(direction)host \\\(address)"
        guard ClassicProgram.canCompile(clause) else {
            throw .invalidOption(
                option: option, text: item, reason: "no address is known for this host name",
                advice: "check the spelling, /etc/hosts and DNS, or give the address itself")
        }
        return clause
    }

    private func network(
        _ text: String, prefix: String, _ item: String, _ option: String
    ) throws(FilterError) -> String {
        guard var address = IPAddress(text) else {
            throw .invalidOption(
                option: option, text: item, reason: "'\(text)' is not a complete IPv4 or IPv6 address",
                advice: "write the network as in 10.1.0.0/16 or 2001:db8::/32")
        }
        let maximum = address.bytes.count * 8
        guard prefix.utf8.allSatisfy({ 0x30...0x39 ~= $0 }), let length = Int(prefix), length <= maximum else {
            throw .invalidOption(
                option: option, text: item, reason: "'\(prefix)' is not a prefix length",
                advice: "use a number from 0 to \(maximum) behind the slash")
        }
        address.keepPrefix(length)
        return "\(direction)net \(address.text)/\(length)"
    }

    /// What could never be a host name gets a better answer than "unknown host".
    private func checkName(_ name: String, _ option: String) throws(FilterError) {
        let characters = name.utf8
        if name.contains("%") {
            throw .invalidOption(
                option: option, text: name, reason: "a filter address cannot name an interface",
                advice: "give the address alone and use --interface for the interface")
        }
        if name.contains(":") {
            throw .invalidOption(
                option: option, text: name, reason: "this is not an IPv6 address",
                advice: "for a MAC address write the expression 'ether host \(name)', for a port use --port")
        }
        if !characters.isEmpty, characters.allSatisfy({ 0x30...0x39 ~= $0 || $0 == UInt8(ascii: ".") }) {
            throw .invalidOption(
                option: option, text: name, reason: "this is not a complete IPv4 address",
                advice: "write four numbers from 0 to 255, or a network as in 10.1.0.0/16")
        }
        let isName = characters.allSatisfy {
            0x30...0x39 ~= $0 || 0x41...0x5a ~= $0 || 0x61...0x7a ~= $0 || "-._".utf8.contains($0)
        }
        guard isName, !characters.isEmpty, characters.count <= 253, characters.first != UInt8(ascii: "-") else {
            throw .invalidOption(
                option: option, text: name, reason: "this is neither an address, a network nor a host name",
                advice: "write it as in 10.0.0.8, 10.0.0.0/24, 2001:db8::1 or www.example.org")
        }
    }
}

/// The bytes of an IPv4 or IPv6 address, in network order.
private struct IPAddress {
    private(set) var bytes: [UInt8]

    /// The notations that inet_pton(3) knows.
    init?(_ text: String) {
        let isIPv6 = text.utf8.contains(UInt8(ascii: ":"))
        var bytes = [UInt8](repeating: 0, count: isIPv6 ? 16 : 4)
        guard inet_pton(isIPv6 ? AF_INET6 : AF_INET, text, &bytes) == 1 else { return nil }
        self.bytes = bytes
    }

    /// Clears the host part: people give a network by any address in it.
    mutating func keepPrefix(_ length: Int) {
        for index in bytes.indices {
            let bits = min(max(length - 8 * index, 0), 8)
            bytes[index] &= UInt8(truncatingIfNeeded: 0xff00 >> bits)
        }
    }

    var text: String {
        var buffer = [CChar](repeating: 0, count: Int(INET6_ADDRSTRLEN))
        inet_ntop(bytes.count == 16 ? AF_INET6 : AF_INET, bytes, &buffer, socklen_t(buffer.count))
        return String(decoding: buffer.prefix { $0 != 0 }.map { UInt8(bitPattern: $0) }, as: UTF8.self)
    }
}
