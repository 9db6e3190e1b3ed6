public import Protocols

/// Options of protocols (`-p`): `protocol.option`, `protocol.nooption` or `protocol.option=value`.
public struct ProtocolOptions: Equatable, Sendable {
    /// Names instead of numbers, by protocol.
    private var hidesNames: Set<String> = []
    public var broadcast: IPv4Address?
    public var netmask: IPv4Address?
    /// Whether name servers are asked for names of hosts; nil if no option says so.
    public private(set) var asksServers: Bool?

    public init() {}

    public struct InvalidOption: Error, CustomStringConvertible {
        public let description: String
    }

    /// An option of a protocol, for the list.
    struct Known {
        let name: String
        let meaning: String
        /// Whether it has a value instead of being on or off.
        let hasValue: Bool
    }

    /// The options of a protocol.
    static func known(_ protocolName: String) -> [Known] {
        switch protocolName {
        case "ether":
            [
                Known(name: "hostname", meaning: "names of /etc/ethers for addresses, on by default", hasValue: false),
                Known(
                    name: "vendor", meaning: "the maker of a device after its address, on by default", hasValue: false),
            ]
        case "ip":
            [
                Known(name: "hostname", meaning: "names of /etc/hosts for addresses, on by default", hasValue: false),
                Known(name: "broadcast", meaning: "what ip.broadcast means besides 255.255.255.255", hasValue: true),
                Known(name: "netmask", meaning: "what ip.netmask means", hasValue: true),
                Known(
                    name: "hostresorder", meaning: "where names of hosts come from: files, or files:dns as with -y",
                    hasValue: true),
            ]
        case "ip6":
            [Known(name: "hostname", meaning: "names of /etc/hosts for addresses, on by default", hasValue: false)]
        case "tcp", "udp", "udplite", "sctp", "dccp":
            [Known(name: "portname", meaning: "names of /etc/services for ports, on by default", hasValue: false)]
        default: []
        }
    }

    /// Whether an option that is on by default was not switched off.
    func has(_ option: String, of protocolName: String) -> Bool {
        hidesNames.isEmpty || !hidesNames.contains("\(protocolName).\(option)")
    }

    /// Sets options from a list, which commas or blanks separate.
    public mutating func set(_ list: String) throws(InvalidOption) {
        for word in list.split(whereSeparator: { $0 == "," || $0 == " " || $0 == "\t" }) { try set(one: String(word)) }
    }

    private mutating func set(one word: String) throws(InvalidOption) {
        let parts = word.split(separator: "=", maxSplits: 1, omittingEmptySubsequences: false)
        let name = parts[0].split(separator: ".", maxSplits: 1).map(String.init)
        guard name.count == 2 else {
            throw InvalidOption(description: "'\(word)' is no option of a protocol: those look like ip.nohostname")
        }
        let known = Self.known(name[0])
        if parts.count == 2 {
            guard known.contains(where: { $0.hasValue && $0.name == name[1] }) else { throw unknown(word, name[0]) }
            if name[1] == "hostresorder" { return try setOrder(parts[1], word) }
            guard let address = IPv4Address(parts[1]) else {
                throw InvalidOption(description: "'\(word)': the value is an IPv4 address such as 10.0.0.255")
            }
            if name[1] == "broadcast" { broadcast = address } else { netmask = address }
            return
        }
        let isOff = name[1].hasPrefix("no")
        let option = isOff ? String(name[1].dropFirst(2)) : name[1]
        guard known.contains(where: { !$0.hasValue && $0.name == option }) else { throw unknown(word, name[0]) }
        if isOff { hidesNames.insert("\(name[0]).\(option)") } else { hidesNames.remove("\(name[0]).\(option)") }
    }

    /// The words of sethostresorder(3) count as well: local for files, bind for servers.
    private mutating func setOrder(_ order: Substring, _ word: String) throws(InvalidOption) {
        switch order {
        case "files", "local": asksServers = false
        case "files:dns", "local:bind": asksServers = true
        default: throw InvalidOption(description: "'\(word)': the value is files or files:dns")
        }
    }

    private func unknown(_ word: String, _ protocolName: String) -> InvalidOption {
        let known = Self.known(protocolName).map { $0.hasValue ? "\($0.name)=VALUE" : "[no]\($0.name)" }
        let list = known.isEmpty ? "it has none" : known.joined(separator: ", ")
        return InvalidOption(description: "'\(word)' is no option of \(protocolName): \(list)")
    }
}
