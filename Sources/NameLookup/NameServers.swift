public import Protocols

/// The name servers that resolv.conf(5) lists, at most three.
public struct NameServers: Equatable, Sendable {
    public let addresses: [IPAddress]
    public let port: UInt16

    /// - Parameter port: another one than DNS's, for tests.
    public init(_ addresses: [IPAddress], port: UInt16 = 53) {
        self.addresses = addresses
        self.port = port
    }

    /// Without a list the machine's own server counts.
    public init(configuration: String) {
        let listed = configuration.split(whereSeparator: \.isNewline).compactMap { line -> IPAddress? in
            let words = line.split { $0 == " " || $0 == "\t" }
            guard words.count > 1, words[0] == "nameserver" else { return nil }
            return IPAddress(words[1].prefix { $0 != "%" })
        }
        self.init(listed.isEmpty ? [.ipv4(IPv4Address(bits: 0x7f00_0001))] : Array(listed.prefix(3)))
    }
}
