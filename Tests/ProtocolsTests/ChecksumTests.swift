import PacketAgreement
import Testing

@testable import Protocols

@Suite struct ChecksumTests {
    private func states(_ bytes: [UInt8]) -> [String: ChecksumState] {
        let layers = PacketLayers(bytes.span.bytes, from: .link(1))
        var states: [String: ChecksumState] = [:]
        for index in layers.layers.indices where layers.layers[index].depth == 0 {
            states[layers.layers[index].kind.name] = layers.checksum(ofLayer: index, in: bytes.span.bytes)
        }
        return states
    }

    private func packet(_ file: String, _ index: Int = 0) -> [UInt8] {
        PacketCorpus.all.filter { $0.file == file }[index].bytes
    }

    @Test func correctSumsAreGood() {
        #expect(states(packet("tcp.txt")) == ["ip": .good, "tcp": .good])
        #expect(states(packet("tcp.txt", 1)) == ["ip": .good, "tcp": .good])
        #expect(states(packet("icmp.txt")) == ["ip": .good, "icmp": .good])
        #expect(states(packet("vlan.txt", 1)) == ["udp": .good])
        #expect(states(packet("dns.txt")) == ["ip": .good, "udp": .good])
    }

    @Test func wrongSumsAreBad() {
        var bytes = packet("tcp.txt", 1)
        bytes[67] ^= 1
        #expect(states(bytes) == ["ip": .good, "tcp": .bad])
        bytes[22] ^= 1
        #expect(states(bytes)["ip"] == .bad)
        bytes = packet("icmp.txt")
        bytes[41] ^= 1
        #expect(states(bytes)["icmp"] == .bad)
    }

    /// Linux leaves the sum of the pseudo header in packets whose device is to do the rest.
    @Test func partialSumsAreOffloaded() {
        var bytes = packet("tcp.txt")
        // 10.0.0.1, 10.0.0.2, protocol 6, 40 bytes.
        let pseudo = 0x0a00 + 0x0001 + 0x0a00 + 0x0002 + 6 + 40
        bytes[50] = UInt8(pseudo >> 8)
        bytes[51] = UInt8(pseudo & 0xff)
        #expect(states(bytes)["tcp"] == .offloaded)
    }

    @Test func aDatagramMayHaveNone() {
        var bytes = packet("vlan.txt")
        bytes[44] = 0
        bytes[45] = 0
        #expect(states(bytes)["udp"] == ChecksumState.none)
    }

    /// A sum over other fragments, a quoted packet or the rest of a cut packet is not judged.
    @Test func incompletePacketsAreNotJudged() {
        var bytes = packet("tcp.txt", 1)
        bytes.removeLast(8)
        #expect(states(bytes)["tcp"] == nil)
        bytes = packet("tcp.txt", 1)
        bytes[20] = 0x20
        #expect(states(bytes)["tcp"] == nil)
        let quoted = PacketCorpus.all.filter { $0.file == "icmp.txt" }[2]
        let layers = PacketLayers(quoted.bytes.span.bytes, from: .link(1))
        #expect(layers.checksum(ofLayer: layers.layers.count - 1, in: quoted.bytes.span.bytes) == ChecksumState.none)
        #expect(layers.checksum(ofLayer: 99, in: quoted.bytes.span.bytes) == nil)
    }
}
