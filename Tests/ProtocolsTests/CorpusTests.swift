import PacketAgreement

@testable import Protocols
import Testing

@Suite struct CorpusTests {
    @Test(arguments: PacketCorpus.all)
    func packetIsDescribed(_ packet: PacketCase) {
        #expect(!packet.bytes.isEmpty && !packet.expected.isEmpty)
        #expect(
            packet.actual == packet.expected,
            "\(packet)\n\(packet.actual.joined(separator: "\n"))")
    }

    /// A protocol without a packet in the corpus is not finished.
    @Test func everyProtocolHasAPacket() {
        var seen: Set<String> = []
        for packet in PacketCorpus.all {
            let bytes = packet.bytes.span.bytes
            for layer in PacketLayers(bytes, from: packet.first).layers { seen.insert(layer.kind.name) }
        }
        // The layer of an analysis is in no packet.
        #expect(ProtocolTable.all.map(\.name).filter { !seen.contains($0) } == ["tcp.analysis"])
    }

    /// Every field is read from some packet; fields of options that few packets have may be left out.
    @Test func everyFixedFieldIsRead() {
        var seen: Set<String> = []
        for packet in PacketCorpus.all {
            let bytes = packet.bytes.span.bytes
            for layer in PacketLayers(bytes, from: packet.first).layers {
                let header = PacketLayers.header(of: layer, in: bytes)
                for field in layer.kind.fields where field.read(header).number != nil { seen.insert(field.name) }
            }
        }
        let fixed = ProtocolTable.all.filter { $0.name != "tcp.analysis" }.flatMap(\.fields).filter {
            $0.fixedBits != nil
        }
        #expect(
            fixed.map(\.name).filter { !seen.contains($0) } == [
                "icmp.pointer", "icmp6.ext.id", "icmp6.ext.seq", "icmp6.pointer",
            ])
    }

    /// Captured bytes belong to one header, to the data or to the trailer, and nothing is read beyond them.
    @Test func everyTruncationIsShown() {
        for packet in PacketCorpus.all {
            let whole = packet.bytes.span.bytes
            let layers = PacketLayers(whole, from: packet.first)
            for count in 0..<packet.bytes.count {
                let cut = whole.extracting(0..<count)
                let less = PacketLayers(cut, from: packet.first, length: packet.bytes.count)
                for (short, long) in zip(less.layers, layers.layers) {
                    #expect(short.start == long.start && short.start <= count)
                    let header = PacketLayers.header(of: short, in: cut)
                    let complete = PacketLayers.header(of: long, in: whole)
                    for field in short.kind.fields where short.place == long.place {
                        let reading = field.read(header)
                        #expect(reading == .truncated || reading == field.read(complete), "\(field.name)")
                    }
                }
                #expect(less.payload.upperBound <= count)
                // A header of which no byte was captured is announced by a number alone.
                #expect(less.layers.count <= layers.layers.count || less.layers.last?.start == count)
            }
        }
    }
}

@Suite struct FieldTableTests {
    @Test func namesAreUniqueAndBeginWithTheProtocol() {
        let names = ProtocolTable.all.flatMap(\.fields).map(\.name)
        #expect(names.count == Set(names).count)
        for known in ProtocolTable.all {
            #expect(known.fields.allSatisfy { $0.name.hasPrefix(known.name + ".") }, "\(known.name)")
            #expect(ProtocolTable.named(known.name)?.fields.count == known.fields.count)
        }
        #expect(ProtocolTable.all.count == Set(ProtocolTable.all.map(\.name)).count)
    }

    /// A description that the list lacks is never found.
    @Test func everyProtocolIsInTheList() throws {
        let root = PacketCorpus.directory + "../../../Sources/Protocols/"
        var described: [String] = []
        let folders = [
            "Application", "Databases", "Files", "Link", "Mail", "Network", "Routing", "Transport", "Tunnel", "Web",
        ]
        for folder in folders {
            for file in PacketCorpus.names(in: root + folder, suffix: ".swift") {
                for line in PacketCorpus.contents(of: root + folder + "/" + file).split(separator: "\n") {
                    let isDescription = [
                        "PacketProtocol(", "options(", "extensionHeader(", "domainNames(", "lines(", "program(",
                    ].contains {
                        line.contains(" = " + $0)
                    }
                    guard isDescription, line.hasPrefix("    static let ") else { continue }
                    described.append(String(line.dropFirst(15).prefix { $0 != " " }))
                }
            }
        }
        let list = PacketCorpus.contents(of: root + "Core/ProtocolTable.swift")
        #expect(described.count == ProtocolTable.all.count)
        #expect(described.filter { !list.contains(" .\($0),") } == [])
    }

    /// Only of those that use a port, the contents decide.
    @Test func numbersAnnounceOneProtocol() {
        var announced: [ProtocolNumber: Int] = [:]
        for number in ProtocolTable.all.flatMap(\.numbers) { announced[number, default: 0] += 1 }
        for (number, count) in announced where count > 1 {
            switch number {
            case .tcpPort, .udpPort, .quicPacket: break
            default: Issue.record("\(number) announces \(count) protocols")
            }
        }
    }

    @Test func fieldsAreFoundByTheirNames() {
        #expect(ProtocolTable.field("tcp.flags.syn")?.field.fixedBits == ProtocolField.Bits(110, 1))
        #expect(ProtocolTable.field("tcp.flags.syn")?.protocol.name == "tcp")
        #expect(PacketProtocol.tcp["flags.syn"]?.name == "tcp.flags.syn")
        #expect(ProtocolTable.field("tcp.flag") == nil)
        #expect(PacketProtocol.ipv6["nxt"]?.fixedBits == ProtocolField.Bits(48, 8))
    }

    @Test func flagsAndAddressesHaveTheirSize() {
        for field in ProtocolTable.all.flatMap(\.fields) {
            guard let bits = field.fixedBits else { continue }
            switch field.notation {
            case .flag: #expect(bits.count == 1, "\(field.name)")
            case .ipv4: #expect(bits.count == 32, "\(field.name)")
            case .ipv6: #expect(bits.count == 128, "\(field.name)")
            case .ethernet: #expect(bits.count == 48, "\(field.name)")
            case .flags(let names): #expect(bits.count == names.count, "\(field.name)")
            case .decimal, .hexadecimal: #expect(bits.count <= 64, "\(field.name)")
            case .bytes, .text, .domainName, .derived: Issue.record("\(field.name): a run of bytes has no fixed place")
            }
        }
    }

    @Test func bitsAreReadWhereverTheyLie() {
        let bytes: [UInt8] = (0..<20).map { UInt8($0 * 37 & 0xff) }
        for start in 0..<24 {
            for count in 1...128 {
                var expected: UInt128 = 0
                for bit in start..<start + count {
                    expected = expected << 1 | UInt128(bytes[bit / 8] >> UInt8(7 - bit % 8) & 1)
                }
                #expect(bytes.span.bytes.bits(.init(start, count)) == expected)
            }
        }
        #expect(bytes.span.bytes.bits(.init(152, 9)) == nil)
        #expect(bytes.span.bytes.bits(.init(0, 8), from: 20) == nil)
    }

    @Test func layersEnd() {
        let packet = PacketCorpus.all[0]
        let bytes = packet.bytes.span.bytes
        for length in [Int.min, -1, 0, 1, .max] {
            let layers = PacketLayers(bytes, from: packet.first, length: length)
            #expect(layers.layers.count == packet.expected.count { $0.contains(": ") && !$0.hasPrefix("{") })
            #expect(layers.payload.upperBound <= packet.bytes.count)
        }
        // An endless stack of labels.
        let labels = [UInt8](repeating: 0, count: 4096)
        #expect(PacketLayers(labels.span.bytes, from: .etherType(EtherType.mpls)).layers.count == PacketLayers.limit)
    }
}
