/// The places of protocols in a list, by the numbers that announce them.
///
/// Each header of each packet is looked up here, so that numbers of at most 16 bits have tables of their own.
struct ProtocolPlaces {
    /// Several protocols may use a port, in the order of the list.
    private var places: [ProtocolNumber: [Int]] = [:]
    private var etherTypes = [UInt8](repeating: none, count: 1 << 16)
    private var ipProtocols = [UInt8](repeating: none, count: 1 << 8)
    /// Whether a port, of any kind, announces a protocol: most do not.
    private var ports = [Bool](repeating: false, count: 1 << 16)

    private static let none = UInt8.max

    /// - Parameter protocols: fewer than 255.
    init(_ protocols: [PacketProtocol]) {
        for (place, known) in protocols.enumerated() {
            for number in known.numbers { add(number, UInt8(place)) }
        }
    }

    private mutating func add(_ number: ProtocolNumber, _ place: UInt8) {
        places[number, default: []].append(Int(place))
        switch number {
        case .etherType(let type): etherTypes[Int(type)] = place
        case .ipProtocol(let type): ipProtocols[Int(type)] = place
        case .tcpPort(let port), .udpPort(let port), .udpDestination(let port): ports[Int(port)] = true
        default: break
        }
    }

    /// The first of the protocols that a number announces and that recognises the bytes; nil if none does.
    func first(_ number: ProtocolNumber, where recognises: (Int) -> Bool) -> Int? {
        switch number {
        case .etherType(let type): Self.place(etherTypes[Int(type)], where: recognises)
        case .ipProtocol(let type): Self.place(ipProtocols[Int(type)], where: recognises)
        case .tcpPort(let port), .udpPort(let port), .udpDestination(let port):
            ports[Int(port)] ? places[number]?.first(where: recognises) : nil
        default: places[number]?.first(where: recognises)
        }
    }

    @inline(__always)
    private static func place(_ value: UInt8, where recognises: (Int) -> Bool) -> Int? {
        value != none && recognises(Int(value)) ? Int(value) : nil
    }
}
