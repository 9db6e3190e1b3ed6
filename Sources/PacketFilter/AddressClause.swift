internal import Glibc

/// --saddr, --daddr, --addr: turns an address, a network or a host name into a `host` or `net` primitive, which matches
/// IPv4, IPv6, ARP and RARP.
struct AddressClause {
    /// "src ", "dst ", or empty for either end.
    let direction: String

    func text(_ item: String, option: String) throws(FilterError) -> String {
        if let network = try Self.network(item, option: option) {
            let isNetwork = item.utf8.contains(UInt8(ascii: "/"))
            return isNetwork
                ? "\(direction)net \(network.text)/\(network.prefix)" : "\(direction)host \(item)"
        }
        // The backslash keeps libpcap from taking a host called "gateway" or "tcp" for a keyword.
        let clause = "\(direction)host \\\(item)"
        guard ClassicProgram.canCompile(clause) else {
            throw .invalidOption(
                option: option, text: item, reason: "no address is known for this host name",
                advice: "check the spelling, /etc/hosts and DNS, or give the address itself")
        }
        return clause
    }

    /// The same for a list: the addresses of a host name are looked up at once.
    static func networks(_ item: String, option: String) throws(FilterError) -> [AddressNetwork] {
        if let network = try network(item, option: option) { return [network] }
        _ = try AddressClause(direction: "").text(item, option: option)
        return addresses(ofHost: item)
    }

    /// Returns nil if the text may be a host name.
    private static func network(_ item: String, option: String) throws(FilterError) -> AddressNetwork? {
        let parts = item.split(separator: "/", maxSplits: 1, omittingEmptySubsequences: false).map(String.init)
        let address = AddressNetwork(parts[0])
        guard parts.count == 2 else {
            if address == nil { try checkName(parts[0], option) }
            return address
        }
        guard let address else {
            throw .invalidOption(
                option: option, text: item, reason: "'\(parts[0])' is not a complete IPv4 or IPv6 address",
                advice: "write the network as in 10.1.0.0/16 or 2001:db8::/32")
        }
        let prefix = parts[1]
        guard prefix.utf8.allSatisfy({ 0x30...0x39 ~= $0 }), let length = Int(prefix), length <= address.width else {
            throw .invalidOption(
                option: option, text: item, reason: "'\(prefix)' is not a prefix length",
                advice: "use a number from 0 to \(address.width) behind the slash")
        }
        return address.network(length)
    }

    private static func addresses(ofHost name: String) -> [AddressNetwork] {
        var first: UnsafeMutablePointer<addrinfo>?
        guard getaddrinfo(name, nil, nil, &first) == 0 else { return [] }
        defer { freeaddrinfo(first) }
        var found: [AddressNetwork] = []
        var next = first
        while let info = next {
            var text = [CChar](repeating: 0, count: Int(NI_MAXHOST))
            let known = getnameinfo(
                info.pointee.ai_addr, info.pointee.ai_addrlen, &text, socklen_t(text.count), nil, 0, NI_NUMERICHOST)
            let bytes = text.prefix { $0 != 0 }.map { UInt8(bitPattern: $0) }
            if known == 0, let address = AddressNetwork(String(decoding: bytes, as: UTF8.self)) {
                found.append(address)
            }
            next = info.pointee.ai_next
        }
        return found
    }

    /// Rejects text that cannot be a host name with a more helpful error than "unknown host".
    private static func checkName(_ name: String, _ option: String) throws(FilterError) {
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
