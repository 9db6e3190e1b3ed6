public import FilterLanguage
public import Protocols

/// Names of hosts and services and their numbers, from the databases of the system (hosts(5), services(5), ethers(5),
/// rpc(5)). Where a number has several names, the first one counts.
public struct SystemNames: Sendable {
    private var hosts: [String: [IPAddress]] = [:]
    private var hostNames: [IPAddress: String] = [:]
    private var services: [String: [String: UInt16]] = [:]
    private var serviceNames: [String: [UInt16: String]] = [:]
    private var ethers: [String: MACAddress] = [:]
    private var etherNames: [MACAddress: String] = [:]
    private var programs: [String: UInt32] = [:]

    public init() {}

    /// - Parameters: the texts of the files; an empty one for a file that there is not.
    public init(hosts: String, services: String, ethers: String, rpc: String) {
        for words in Self.entries(hosts) {
            // An address of one link only has the device after a percent sign.
            guard let address = IPAddress(words[0].prefix { $0 != "%" }) else { continue }
            for name in words.dropFirst() { self.hosts[name.lowercased(), default: []].append(address) }
            if words.count > 1, hostNames[address] == nil { hostNames[address] = words[1] }
        }
        for words in Self.entries(services) {
            let parts = words.count > 1 ? words[1].split(separator: "/") : []
            guard parts.count == 2, let port = UInt16(parts[0]) else { continue }
            let transport = String(parts[1])
            for name in [words[0]] + words.dropFirst(2) where self.services[transport]?[name] == nil {
                self.services[transport, default: [:]][name] = port
            }
            if serviceNames[transport]?[port] == nil { serviceNames[transport, default: [:]][port] = words[0] }
        }
        for words in Self.entries(ethers) {
            guard words.count > 1, let address = MACAddress(words[0]) else { continue }
            self.ethers[words[1].lowercased()] = address
            if etherNames[address] == nil { etherNames[address] = words[1] }
        }
        for words in Self.entries(rpc) {
            guard words.count > 1, let number = UInt32(words[1]) else { continue }
            for name in [words[0]] + words.dropFirst(2) { programs[name] = number }
        }
    }

    /// Lines of words, without comments.
    private static func entries(_ text: String) -> [[String]] {
        text.split(whereSeparator: \.isNewline).compactMap { line in
            let words = line.prefix { $0 != "#" }.split { $0 == " " || $0 == "\t" }.map(String.init)
            return words.isEmpty ? nil : words
        }
    }

    func host(_ address: IPAddress) -> String? { hostNames[address] }

    /// The addresses of a host.
    public func addresses(_ name: String) -> [IPAddress] { hosts[name.lowercased()] ?? [] }

    func ether(_ address: MACAddress) -> String? { etherNames[address] }

    /// The service at a port of a protocol ("tcp").
    func service(_ port: UInt16, _ transport: String) -> String? { serviceNames[transport]?[port] }

    /// The names for filters.
    ///
    /// - Parameter options: those of the protocols, which have the network's broadcast address and mask.
    public func filterNames(_ options: ProtocolOptions) -> FilterNames {
        var names = FilterNames()
        let table = self
        names.hosts = { table.hosts[$0.lowercased()] ?? [] }
        names.ethers = { table.ethers[$0.lowercased()] }
        names.services = { table.services[$1]?[$0] }
        names.programs = { table.programs[$0] }
        if let broadcast = options.broadcast { names.broadcasts.append(broadcast) }
        names.netmask = options.netmask
        return names
    }
}
