public import CNettraceBPF

/// Long lists of addresses and ports, which are looked up instead of compiled: in maps in the kernel, here in a replay.
///
/// A packet must be in each of the lists. An option becomes a list instead of a part of the expression if it names at
/// least `shortest` values.
public struct FilterLists: Equatable, Sendable {
    /// The end of a packet that an option selects.
    enum End: CaseIterable {
        case source, destination, either

        /// NT_SET_ bit of the end's addresses.
        var addresses: UInt16 {
            switch self {
            case .source: UInt16(NT_SET_SADDR)
            case .destination: UInt16(NT_SET_DADDR)
            case .either: UInt16(NT_SET_ADDR)
            }
        }

        /// NT_SET_ bit of the end's ports.
        var ports: UInt16 { addresses << 3 }

        /// Row of `nt_port_sets.words`.
        var row: Int {
            switch self {
            case .source: 0
            case .destination: 1
            case .either: 2
            }
        }
    }

    /// The number of values from which on an option becomes a list.
    static let shortest = 17

    /// NT_SET_ bits of the lists that exist.
    public private(set) var sets: UInt16 = 0
    /// NT_SET_ bits by network.
    private(set) var networks: [AddressNetwork: UInt16] = [:]
    /// All prefix lengths of `networks`.
    private(set) var prefixes: Set<Int> = []
    /// `nt_port_sets.words`, row after row; empty without ports.
    public private(set) var portWords: [UInt64] = []

    public var isEmpty: Bool { sets == 0 }

    /// The keys of the address map, and whether all are single addresses.
    public var addressKeys: (keys: [nt_address_key], areSingle: Bool) {
        var keys: [nt_address_key] = []
        for (network, sets) in networks {
            for end in End.allCases where sets & end.addresses != 0 { keys.append(network.key(in: end.addresses)) }
        }
        return (keys, networks.keys.allSatisfy(\.isSingle))
    }

    mutating func add(_ network: AddressNetwork, to end: End) {
        sets |= end.addresses
        networks[network, default: 0] |= end.addresses
        prefixes.insert(network.prefix)
    }

    mutating func add(_ ports: ClosedRange<UInt16>, to end: End) {
        sets |= end.ports
        if portWords.isEmpty { portWords = Array(repeating: 0, count: Int(NT_PORT_SETS * NT_PORT_WORDS)) }
        for port in ports { portWords[Self.word(port, end)] |= 1 << UInt64(port % 64) }
    }

    func contains(_ port: UInt16, at end: End) -> Bool {
        portWords[Self.word(port, end)] >> UInt64(port % 64) & 1 != 0
    }

    private static func word(_ port: UInt16, _ end: End) -> Int {
        end.row * Int(NT_PORT_WORDS) + Int(port / 64)
    }
}
