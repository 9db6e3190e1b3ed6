import Testing
import Text

@testable import CaptureFiles

/// The reader reads back equal what a writer writes, however the bytes arrive.
@Suite struct RoundTripTests {
    /// Packets of all sizes, at times of which each format loses nothing.
    private static func packets(_ seed: UInt64, unit: Int64, isCut: Bool = true) -> [TestPacket] {
        var generator = TestGenerator(seed: seed)
        return (0..<Int.random(in: 0...40, using: &generator)).map { number in
            let size = [0, 1, 3, 60, 1514, Int.random(in: 0...9000, using: &generator)].randomElement(
                using: &generator)!
            let bytes = (0..<size).map { _ in UInt8.random(in: 0...255, using: &generator) }
            let ticks = Int64.random(in: 0..<4_000_000_000 * (1_000_000_000 / unit), using: &generator)
            return TestPacket(
                bytes: number == 7 ? [UInt8](repeating: 0x5a, count: CaptureReader.packetLimit) : bytes,
                wireLength: max(size, number == 7 ? CaptureReader.packetLimit : 0)
                    + (isCut ? Int.random(in: 0...5000, using: &generator) : 0),
                time: ticks * unit)
        }
    }

    private static func check(_ packets: [TestPacket], _ format: CaptureFormat, in bytes: [UInt8], seed: UInt64) {
        for piece in [Int.max, 65_536, 50 + Int(seed * 7 % 97)] {
            let read = ReadCapture(bytes, piece: piece)
            #expect(read.error == nil)
            #expect(read.format == format)
            #expect(read.packets == packets)
        }
    }

    @Test(arguments: UInt64(1)...3) func pcap(seed: UInt64) {
        for (order, isNanoseconds) in [
            (ByteOrder.littleEndian, false), (.bigEndian, false), (.littleEndian, true), (.bigEndian, true),
        ] {
            let packets = Self.packets(seed, unit: isNanoseconds ? 1 : 1000)
            let bytes = file { buffer in
                let writer = PcapWriter(.ethernet, 0, isNanoseconds: isNanoseconds, order)
                writer.appendHeader(to: &buffer)
                for packet in packets { packet.view { writer.append($0, to: &buffer) } }
            }
            Self.check(packets, .pcap, in: bytes, seed: seed)
        }
    }

    @Test(arguments: UInt64(1)...3) func snoop(seed: UInt64) throws {
        var packets = Self.packets(seed, unit: 1000)
        for index in packets.indices { packets[index].dropped = UInt64(index) * seed }
        var writer = try #require(SnoopWriter(linkType: .ethernet))
        let bytes = file { buffer in
            writer.appendHeader(to: &buffer)
            for packet in packets { packet.view { writer.append($0, to: &buffer) } }
        }
        Self.check(packets, .snoop, in: bytes, seed: seed)
        #expect(ReadCapture(bytes).contents.dropped == packets.reduce(0) { $0 + ($1.dropped ?? 0) })
    }

    @Test(arguments: UInt64(1)...3) func iptrace(seed: UInt64) throws {
        let names = ["en0", "lo0", "veth12", "tr255"].compactMap { name in IptraceInterface(name).map { (name, $0) } }
        #expect(names.map(\.0) == ["en0", "lo0", "veth12", "tr255"])
        let types: [LinkType] = [.ethernet, .ip, .ethernet, .fddi]
        for format in [CaptureFormat.iptrace1, .iptrace2] {
            var packets = Self.packets(seed, unit: format == .iptrace1 ? 1_000_000_000 : 1, isCut: false)
            var numbers: [String] = []
            var writtenNames: [IptraceInterface] = []
            for index in packets.indices {
                let name = names[index * 3 % names.count]
                writtenNames.append(name.1)
                packets[index].linkType = types[index * 3 % names.count]
                if !numbers.contains(name.0) { numbers.append(name.0) }
                packets[index].interface = numbers.firstIndex(of: name.0)!
                packets[index].direction = index % 2 == 0 ? .inbound : .outbound
                if packets[index].bytes.count == CaptureReader.packetLimit {
                    // The padding of FDDI counts as well.
                    packets[index].bytes.removeLast(3)
                    packets[index].wireLength -= 3
                }
            }
            let bytes = file { buffer in
                let writer = IptraceWriter(format)
                writer.appendHeader(to: &buffer)
                for (packet, name) in zip(packets, writtenNames) {
                    packet.view { #expect(writer.append($0, name, to: &buffer)) }
                }
            }
            Self.check(packets, format, in: bytes, seed: seed)
            #expect(ReadCapture(bytes).contents.interfaces.map(\.name) == numbers)
        }
    }

    @Test(arguments: UInt64(1)...3) func pcapng(seed: UInt64) {
        for order in [ByteOrder.littleEndian, .bigEndian] {
            var packets = Self.packets(seed, unit: 1)
            let interfaces = [
                CaptureInterface(name: "veth0", description: "one end", filter: "tcp port 80", system: "Linux 6.12"),
                CaptureInterface(name: "tun0", linkType: .ip, snapshotLength: 96),
            ]
            for index in packets.indices {
                packets[index].interface = index % 2
                packets[index].linkType = interfaces[index % 2].linkType
                packets[index].direction = [.unknown, .inbound, .outbound][index % 3]
                packets[index].dropped = index % 5 == 0 ? UInt64(index) << 30 : nil
                packets[index].comments = (0..<index % 4).map { String(repeating: "é\($0)", count: index * 200) }
            }
            var counted = interfaces
            counted[1].statistics = .init(received: 12, dropped: 3, accepted: 11, systemDropped: 1)
            let bytes = file { buffer in
                let writer = PcapNGWriter(order)
                writer.appendSection(application: "test", system: "Linux", comment: "all of it", to: &buffer)
                for interface in interfaces { writer.append(interface, to: &buffer) }
                writer.append(name: "host.example", of: [10, 0, 0, 1], to: &buffer)
                for packet in packets {
                    packet.view { writer.append($0, comments: packet.comments, to: &buffer) }
                }
                writer.append(counted[1].statistics, interface: 1, time: 5, to: &buffer)
            }
            Self.check(packets, .pcapng, in: bytes, seed: seed)
            let contents = ReadCapture(bytes).contents
            for index in counted.indices { counted[index].scale = .nanoseconds }
            #expect(contents.interfaces == counted)
            #expect(contents.names == [[10, 0, 0, 1]: "host.example"])
            #expect(contents.application == "test" && contents.system == "Linux" && contents.comment == "all of it")
            #expect(contents.dropped == 4)
        }
    }

    @Test func interfacesWhoseNamesDoNotFit() {
        #expect(
            ["enp3s0", "veth1a2b", "eth256", "lo", "wlan01", "7", "", "bridge1"].allSatisfy {
                IptraceInterface($0) == nil
            })
    }

    @Test func packetsThatFitNoFormat() throws {
        #expect(SnoopWriter(linkType: .linuxSLL) == nil)
        let name = try #require(IptraceInterface("en0"))
        let bytes = file { buffer in
            let packet = TestPacket(bytes: [1], wireLength: 1, time: 0, linkType: .linuxSLL2)
            packet.view { #expect(!IptraceWriter().append($0, name, to: &buffer)) }
        }
        #expect(bytes.isEmpty)
    }
}
