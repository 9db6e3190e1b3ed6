import PacketAgreement
import Testing

@testable import Protocols

@Suite struct HostileInputTests {
    private static let frames: [[UInt8]] = {
        let tcp = PacketBytes.ipv4(6, payload: 20) + PacketBytes.tcp(0x12)
        let ethernet = PacketBytes.ethernet(0x0800)
        let quoted = PacketBytes.ipv4(1, payload: 48) + [3, 4, 0, 0, 0, 0, 5, 0x78] + tcp
        let vxlan =
            PacketBytes.ipv4(17, payload: 70) + PacketBytes.udp(4789, length: 70) + PacketBytes.vxlan(42)
            + ethernet + tcp
        let gre: [UInt8] = [0xb0, 0, 0x08, 0, 1, 2, 0, 0, 0, 0, 0, 5, 0, 0, 0, 6]
        let hopByHop: [UInt8] = [43, 0, 5, 2, 0, 0, 1, 0]
        let routing: [UInt8] = [44, 2, 0, 0] + [UInt8](repeating: 0, count: 20)
        let fragment: [UInt8] = [6, 0, 0, 1, 0, 0, 0, 42]
        return [
            ethernet + tcp,
            ethernet + quoted,
            ethernet + vxlan,
            ethernet + PacketBytes.ipv4(47, payload: 56) + gre + tcp,
            ethernet + PacketBytes.ipv4(4, payload: 40) + tcp,
            PacketBytes.ethernet(0x8100) + [0x60, 0x64, 0x08, 0x00] + tcp,
            PacketBytes.ethernet(0x86dd) + PacketBytes.ipv6(0, payload: 60) + hopByHop + routing + fragment
                + PacketBytes.tcp(2),
            PacketBytes.ethernet(0x86dd) + PacketBytes.ipv6(58, payload: 24)
                + [135, 0, 0, 0, 0, 0, 0, 0] + [UInt8](repeating: 9, count: 16),
            PacketBytes.ethernet(0x0806) + [0, 1, 8, 0, 6, 4, 0, 1] + [UInt8](repeating: 1, count: 20),
        ]
    }()

    /// A truncated packet decodes to the same as the whole one or to nothing, and never to ports or addresses that the
    /// whole packet does not have.
    @Test func everyTruncation() {
        for frame in Self.frames {
            let whole = decode(frame: frame)
            #expect(!whole.headers.isTruncated)
            for size in 14..<frame.count {
                let cut = decode(frame: Array(frame.prefix(size)))
                #expect(cut.ethernet == whole.ethernet)
                if cut.headers.network != .none, whole.headers.ipv4 != nil {
                    #expect(cut.headers.network == whole.headers.network)
                }
                if cut.headers.transport == .none || cut.headers.arp != nil {
                    #expect(cut.headers.isTruncated || cut.headers == whole.headers)
                }
                if let tcp = cut.headers.tcp {
                    #expect(tcp.ports == whole.headers.tcp?.ports)
                    #expect(tcp.sequence == nil || tcp.sequence == whole.headers.tcp?.sequence)
                }
            }
        }
    }

    /// 200,000 packets with flipped bytes, truncation and wrong ethertypes: nothing may trap.
    @Test func mutations() {
        var random = SplitMix(state: 1)
        var decoded = 0
        for round in 0..<200_000 {
            var bytes = Self.frames[round % Self.frames.count]
            for _ in 0..<Int(random.next() % 5) {
                bytes[Int(random.next() % UInt64(bytes.count))] = UInt8(truncatingIfNeeded: random.next())
            }
            if random.next() % 4 == 0 {
                bytes.removeLast(Int(random.next() % UInt64(bytes.count)))
            }
            let types: [UInt16] = [0x0800, 0x86dd, 0x0806, 0x8100, 0, 0x6558]
            let layout = PacketLayout(
                startsAtLink: random.next() % 2 == 0, networkOffset: Int(random.next() % 32),
                etherType: types[Int(random.next() % 6)], length: Int(random.next() % 100_000))
            let packet = Packet(decoding: bytes.span.bytes, layout: layout)
            decoded += packet.headers.network == .none ? 0 : 1
        }
        // Mutations must be mild enough that more than the first check of each decoder runs.
        #expect(decoded > 20_000)
    }

    /// Packets of all protocols with changed bytes and false lengths: every field is read and written, nothing traps, and
    /// no byte of a packet reaches a terminal as it is.
    @Test(arguments: PacketCorpus.files)
    func mutationsOfAllProtocols(_ file: String) {
        var random = SplitMix(state: 7)
        var line = TextLine()
        for packet in PacketCorpus.all where packet.file == file {
            for _ in 0..<100 {
                var bytes = packet.bytes
                for _ in 0...Int(random.next() % 4) {
                    // The inner headers are at the end.
                    let place = bytes.count - 1 - Int(random.next() % UInt64(min(bytes.count, 120)))
                    let values: [UInt8] = [0, 1, 0x7f, 0x80, 0xff, UInt8(truncatingIfNeeded: random.next())]
                    bytes[place] = values[Int(random.next() % 6)]
                }
                if random.next() % 4 == 0 { bytes.removeLast(Int(random.next() % UInt64(bytes.count))) }
                let span = bytes.span.bytes
                let length = bytes.count + Int(random.next() % 3) * 500
                line.removeAll()
                for layer in PacketLayers(span, from: packet.first, length: length).layers {
                    line.append(layer, of: span)
                    line.append(json: layer, of: span)
                }
                #expect(line.bytes.allSatisfy { $0 >= 0x20 && $0 < 0x7f })
            }
        }
    }
}

/// A deterministic generator (SplitMix64), so that a failure can be repeated.
struct SplitMix {
    var state: UInt64

    mutating func next() -> UInt64 {
        state &+= 0x9e37_79b9_7f4a_7c15
        var mixed = state
        mixed = (mixed ^ mixed >> 30) &* 0xbf58_476d_1ce4_e5b9
        mixed = (mixed ^ mixed >> 27) &* 0x94d0_49bb_1331_11eb
        return mixed ^ mixed >> 31
    }
}
