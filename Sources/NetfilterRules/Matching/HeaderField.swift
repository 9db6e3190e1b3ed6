import Protocols

/// Bits at a fixed position in a header, with the kind of packet in which they have this meaning.
struct HeaderField: Equatable, Sendable {
    enum Requirement: Equatable, Sendable {
        case none
        case version(Int)
        case arp
        case transport([UInt8])
        /// ICMP with this protocol number and one of these types.
        case icmp(UInt8, types: [UInt8])
    }

    var base: PacketBytes.Base
    var bit: Int
    var count: Int
    var requirement: Requirement

    func overlaps(_ other: HeaderField) -> Bool {
        base == other.base && bit < other.bit + other.count && other.bit < bit + count
    }
}

extension HeaderField {
    /// A field by its complete name ("tcp.dport"); nil if there is none at a fixed place in a network or transport
    /// header.
    init?(_ name: String) {
        guard let (known, field) = ProtocolTable.field(name), let bits = field.fixedBits else { return nil }
        bit = bits.start
        count = bits.count
        switch known.base {
        case .network:
            base = .network
            requirement = known.name == "arp" ? .arp : .version(known.name == "ip" ? 4 : 6)
        case .transport:
            base = .transport
            let numbers = known.numbers.compactMap { if case .ipProtocol(let number) = $0 { number } else { nil } }
            requirement = .transport(numbers)
            // nft adds a match of the type before fields that only some types of ICMP have.
            if let condition = field.condition, let number = numbers.first,
                number == IPProtocol.icmp || number == IPProtocol.icmpv6
            {
                requirement = .icmp(number, types: condition.values.map { UInt8(truncatingIfNeeded: $0) })
            }
        case .link, .walked: return nil
        }
    }
}
