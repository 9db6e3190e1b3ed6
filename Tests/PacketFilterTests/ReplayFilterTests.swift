import CLibPCap
import FilterInterpreter
import Testing

@testable import PacketFilter

/// Compares the filter of replays with libpcap's interpreter, and, where that does not apply, with the kernel's filter:
/// packets without an Ethernet header, and tags beside the packet.
@Suite struct ReplayFilterTests {
    private func matches(
        _ expression: String, _ frame: [UInt8], hasEthernet: Bool = true, etherType: UInt16? = nil, length: Int? = nil,
        tag: (UInt16, UInt16)? = nil
    ) throws -> Bool {
        var options = FilterOptions()
        options.expressions = [expression]
        let filter = try #require(try ReplayFilter(options))
        let type = etherType ?? UInt16(frame[12]) << 8 | UInt16(frame[13])
        return filter.matches(
            FilteredPacket(
                frame: frame.span.bytes, hasEthernet: hasEthernet, etherType: type, length: length ?? frame.count - 14,
                tag: tag.map { (etherType: $0, tci: $1) }))
    }

    @Test func everyExpressionGivesTheAnswerOfLibpcap() throws {
        var random = SeededGenerator(seed: 4)
        for expression in ExpressionCorpus.aboveEthernet + ExpressionCorpus.onEthernetAddresses {
            let program = try ClassicProgram(compiling: expression)
            var classic = clibpcap_program()
            defer { clibpcap_free(&classic) }
            var message = [CChar](repeating: 0, count: Int(CLIBPCAP_ERROR_SIZE))
            try #require(clibpcap_compile(expression, 1, 0x40000, &classic, &message) == 0)
            let extended = ExtendedInterpreter(try Translator.translate(program, expression: expression))
            for frame in PacketCorpus.frames(300, using: &random) {
                let captured = min(frame.count, FilterContextLayout.dataSize)
                let expected = clibpcap_run(&classic, frame, UInt32(frame.count), UInt32(captured)) != 0
                let type = UInt16(frame[12]) << 8 | UInt16(frame[13])
                for hasEthernet in [true, false] {
                    let seen = FilteredPacket(
                        frame: frame.span.bytes.extracting(first: captured), hasEthernet: hasEthernet, etherType: type,
                        length: frame.count - 14)
                    let kernel = try extended.run(
                        .init(
                            linear: Array(frame[14..<captured]), length: frame.count - 14, ethertype: type,
                            ethernet: hasEthernet ? Array(frame[..<14]) : nil))
                    let result = seen.frame.withUnsafeBytes { program.matches(PacketView(seen.facts, over: $0)) }
                    #expect(result == (kernel == 1), "\(expression): \(frame), Ethernet: \(hasEthernet)")
                    if hasEthernet { #expect(result == expected, "\(expression): \(frame)") }
                }
            }
        }
    }

    @Test func aTagBesideThePacketIsShownInItsPlace() throws {
        let frame =
            [UInt8](repeating: 2, count: 12) + [8, 0, 0x45] + [UInt8](repeating: 0, count: 8) + [17]
            + .init(repeating: 0, count: 18)
        #expect(try matches("vlan 5 and udp", frame, tag: (0x8100, 0x2005)))
        #expect(try !matches("vlan 6", frame, tag: (0x8100, 0x2005)))
        #expect(try matches("vlan and len = \(frame.count + 4)", frame, tag: (0x8100, 5)))
        #expect(try !matches("vlan", frame))
        #expect(try matches("udp", frame))
    }

    @Test func theTypeCountsAndNotTheStaleHeader() throws {
        let frame = [UInt8](repeating: 0, count: 14) + [0x45] + [UInt8](repeating: 0, count: 19)
        #expect(try matches("ip", frame, hasEthernet: false, etherType: 0x0800))
        #expect(try !matches("ip", frame, hasEthernet: false, etherType: 0x86dd))
        #expect(try !matches("ether host 00:00:00:00:00:00", frame, hasEthernet: false, etherType: 0x0800))
    }

    @Test func bytesThatWereNotCapturedDoNotMatch() throws {
        let frame = [UInt8](repeating: 0, count: 12) + [8, 0, 0x45]
        #expect(try !matches("ip[9] = 0", frame, length: 1000))
        #expect(try !matches("ip[9] != 0", frame, length: 1000))
        #expect(try !matches("ether[(ip[0] * 60000000):4] = 0", frame))
        #expect(try matches("greater 1000", frame, length: 1000))
    }
}
