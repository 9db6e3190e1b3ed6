/// Types of addresses in a network namespace, from its files: for `addrtype` and `fib … type`.
struct AddressTypes: Sendable {
    /// Types of routes, RTN_UNSPEC and so on (include/uapi/linux/rtnetlink.h).
    static let numbers: [String: UInt128] = [
        "unspec": 0, "unicast": 1, "local": 2, "broadcast": 3, "anycast": 4, "multicast": 5, "blackhole": 6,
        "unreachable": 7, "prohibit": 8,
    ]

    private var local4: [Pattern] = []
    private var broadcast4: [Pattern] = []
    private var local6: [Pattern] = []
    private let isComplete4: Bool

    /// - Parameters:
    ///   - fibTrie: /proc/net/fib_trie. If it has further tables (VRFs), an address may have several types, and none is
    ///     returned.
    ///   - interfaceAddresses6: /proc/net/if_inet6.
    init(fibTrie: String?, interfaceAddresses6: String?) {
        let lines = fibTrie?.split(separator: "\n") ?? []
        isComplete4 = !lines.isEmpty && !lines.contains { $0.hasPrefix("Id ") }
        var address: UInt128?
        for line in lines {
            let words = line.split(separator: " ")
            if words.count == 2, words[0] == "|--" {
                address = AddressParsing.ipv4(words[1])
            } else if words.count >= 3, let first = words.first, first.hasPrefix("/"), let address,
                let length = Int(first.dropFirst()), 0...32 ~= length
            {
                let pattern = Pattern.prefix(address, length: length, bits: 32)
                if words[2] == "LOCAL" { local4.append(pattern) }
                if words[2] == "BROADCAST" { broadcast4.append(pattern) }
            }
        }
        for line in interfaceAddresses6?.split(separator: "\n") ?? [] {
            guard let word = line.split(separator: " ").first, let address = UInt128(word, radix: 16) else { continue }
            local6.append(.exact(.number(address)))
        }
    }

    /// The type of an address; nil if it depends on the routing tables.
    func type(of address: UInt128, version: Int) -> UInt128? {
        if version == 6 {
            if address >> 120 == 0xff { return Self.numbers["multicast"] }
            return local6.matches(.number(address)) == .yes ? Self.numbers["local"] : nil
        }
        // net/ipv4/fib_frontend.c, __inet_dev_addr_type
        if address >> 28 == 0xe { return Self.numbers["multicast"] }
        if address >> 24 == 0 || address == 0xffff_ffff { return Self.numbers["broadcast"] }
        guard isComplete4 else { return nil }
        if broadcast4.matches(.number(address)) == .yes { return Self.numbers["broadcast"] }
        return local4.matches(.number(address)) == .yes ? Self.numbers["local"] : nil
    }
}
