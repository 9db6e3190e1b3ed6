/// The places of protocols in a list, by the numbers that announce them.
///
/// Each header of each packet is looked up here, so that numbers of at most 16 bits have tables of their own.
struct ProtocolPlaces {
    private var places: [ProtocolNumber: Int] = [:]
    private var etherTypes = [UInt8](repeating: none, count: 1 << 16)
    private var ipProtocols = [UInt8](repeating: none, count: 1 << 8)
    private var tcpPorts = [UInt8](repeating: none, count: 1 << 16)
    private var udpPorts = [UInt8](repeating: none, count: 1 << 16)
    private var udpDestinations = [UInt8](repeating: none, count: 1 << 16)
    private var links = [UInt8](repeating: none, count: 1 << 16)

    private static let none = UInt8.max

    /// - Parameter protocols: fewer than 255.
    init(_ protocols: [PacketProtocol]) {
        for (place, known) in protocols.enumerated() {
            for number in known.numbers { add(number, UInt8(place)) }
        }
    }

    private mutating func add(_ number: ProtocolNumber, _ place: UInt8) {
        places[number] = Int(place)
        switch number {
        case .etherType(let type): etherTypes[Int(type)] = place
        case .ipProtocol(let type): ipProtocols[Int(type)] = place
        case .tcpPort(let port): tcpPorts[Int(port)] = place
        case .udpPort(let port): udpPorts[Int(port)] = place
        case .udpDestination(let port): udpDestinations[Int(port)] = place
        case .link(let type): links[Int(type)] = place
        default: break
        }
    }

    /// Nil if the number announces no protocol of the list.
    subscript(_ number: ProtocolNumber) -> Int? {
        switch number {
        case .etherType(let type): Self.place(etherTypes[Int(type)])
        case .ipProtocol(let type): Self.place(ipProtocols[Int(type)])
        case .tcpPort(let port): Self.place(tcpPorts[Int(port)])
        case .udpPort(let port): Self.place(udpPorts[Int(port)])
        case .udpDestination(let port): Self.place(udpDestinations[Int(port)])
        case .link(let type): Self.place(links[Int(type)])
        default: places[number]
        }
    }

    private static func place(_ value: UInt8) -> Int? { value == none ? nil : Int(value) }
}
