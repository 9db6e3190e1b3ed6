import PacketAgreement

@testable import Protocols
import Testing

/// Ports suggest a protocol and contents decide: the packets of one protocol on the ports of all others.
@Suite struct CrossTests {
    /// What one protocol begins with may be right in another as well: the port alone decides.
    private static let alike: [Set<String>] = [
        // The same messages.
        ["dns", "mdns", "llmnr"],
        // Numbered replies, and commands for users and to end.
        ["ftp", "smtp"], ["ftp", "pop"], ["smtp", "pop"],
        // `+OK` and a text in a line.
        ["pop", "redis"],
        // A line of text.
        ["http", "http2", "websocket"],
    ]

    struct Payload: Sendable, CustomStringConvertible {
        let packet: PacketCase
        let isTCP: Bool
        let name: String
        let bytes: [UInt8]
        var description: String { packet.description }
    }

    private static let payloads: [Payload] = PacketCorpus.all.compactMap { packet in
        let bytes = packet.bytes.span.bytes
        let layers = PacketLayers(bytes, from: packet.first).layers
        guard let index = layers.firstIndex(where: { $0.kind.name == "tcp" || $0.kind.name == "udp" }),
            index + 1 < layers.count, layers[index].depth == 0
        else { return nil }
        let next = layers[index + 1]
        return Payload(
            packet: packet, isTCP: layers[index].kind.name == "tcp", name: next.kind.name,
            bytes: Array(packet.bytes[next.start..<min(packet.bytes.count, next.start + next.length)]))
    }

    private static let ports: [(isTCP: Bool, port: UInt16, name: String)] = ProtocolTable.all.flatMap { known in
        known.numbers.compactMap { number in
            switch number {
            case .tcpPort(let port): (true, port, known.name)
            case .udpPort(let port), .udpDestination(let port): (false, port, known.name)
            default: nil
            }
        }
    }

    @Test func everyPayloadIsOne() {
        #expect(Self.payloads.count >= 114)
        #expect(Set(Self.payloads.map(\.name)).count >= 35)
    }

    @Test(arguments: payloads)
    func noOtherPortGivesAnotherLabel(_ payload: Payload) {
        for (isTCP, port, name) in Self.ports where isTCP == payload.isTCP {
            let header =
                isTCP
                ? PacketBytes.be(UInt16(40000)) + PacketBytes.be(port) + PacketBytes.tcp(0x18).dropFirst(4)
                : PacketBytes.be(UInt16(40000)) + PacketBytes.be(port)
                    + PacketBytes.be(UInt16(8 + payload.bytes.count)) + [0, 1]
            let packet =
                PacketBytes.ipv4(isTCP ? 6 : 17, payload: header.count + payload.bytes.count) + header + payload.bytes
            let layers = PacketLayers(packet.span.bytes, from: .etherType(EtherType.ipv4)).layers
            guard layers.count > 2 else { continue }
            let found = layers[2].kind.name
            let isRight =
                found == payload.name || Self.alike.contains { $0.contains(found) && $0.contains(payload.name) }
            #expect(isRight, "\(payload.name) on port \(port) of \(name) is labelled \(found)")
        }
    }
}
