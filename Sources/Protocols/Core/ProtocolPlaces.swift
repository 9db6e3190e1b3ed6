/// The places of protocols in a list, by the numbers that announce them.
///
/// Each header of each packet is looked up here, so that numbers of at most 16 bits have tables of their own.
struct ProtocolPlaces {
    /// Several protocols may use a port, in the order of the list.
    private var places: [ProtocolNumber: [Int]] = [:]
    private var etherTypes = [UInt8](repeating: none, count: 1 << 16)
    private var ipProtocols = [UInt8](repeating: none, count: 1 << 8)
    private var tcpPorts = [UInt8](repeating: none, count: 1 << 16)
    private var udpPorts = [UInt8](repeating: none, count: 1 << 16)
    private var udpDestinations = [UInt8](repeating: none, count: 1 << 16)
    private var links = [UInt8](repeating: none, count: 1 << 16)

    private static let none = UInt8.max
    /// Several protocols, or a number without a table.
    private static let several = none - 1

    /// - Parameter protocols: fewer than 254.
    init(_ protocols: [PacketProtocol]) {
        for (place, known) in protocols.enumerated() {
            for number in known.numbers { add(number, UInt8(place)) }
        }
    }

    private mutating func add(_ number: ProtocolNumber, _ place: UInt8) {
        places[number, default: []].append(Int(place))
        let entry = places[number]?.count == 1 ? place : Self.several
        switch number {
        case .etherType(let type): etherTypes[Int(type)] = entry
        case .ipProtocol(let type): ipProtocols[Int(type)] = entry
        case .tcpPort(let port): tcpPorts[Int(port)] = entry
        case .udpPort(let port): udpPorts[Int(port)] = entry
        case .udpDestination(let port): udpDestinations[Int(port)] = entry
        case .link(let type): links[Int(type)] = entry
        default: break
        }
    }

    /// The first of the protocols that a number announces and that recognises the bytes; nil if none does.
    func first(_ number: ProtocolNumber, where recognises: (Int) -> Bool) -> Int? {
        let entry: UInt8 =
            switch number {
            case .etherType(let type): etherTypes[Int(type)]
            case .ipProtocol(let type): ipProtocols[Int(type)]
            case .tcpPort(let port): tcpPorts[Int(port)]
            case .udpPort(let port): udpPorts[Int(port)]
            case .udpDestination(let port): udpDestinations[Int(port)]
            case .link(let type): links[Int(type)]
            default: Self.several
            }
        if entry == Self.none { return nil }
        if entry == Self.several { return places[number]?.first(where: recognises) }
        return recognises(Int(entry)) ? Int(entry) : nil
    }
}
