import CNettraceBPF
import Events
import Testing

/// A record with nothing but bytes of its packet.
private func record(_ section: nt_payload, _ bytes: [UInt8], sections: UInt32 = NT_SECTION_PAYLOAD) -> [UInt8] {
    var head = nt_event()
    head.sections = UInt16(sections)
    return withUnsafeBytes(of: head) { Array($0) } + withUnsafeBytes(of: section) { Array($0) } + bytes
}

private func section(_ captured: Int, of length: Int, flags: UInt32 = NT_PAYLOAD_L2) -> nt_payload {
    var section = nt_payload()
    section.captured = UInt32(captured)
    section.size = UInt32((captured + 7) & ~7)
    section.length = UInt32(length)
    section.flags = UInt16(flags)
    return section
}

private func bytes(of record: [UInt8]) -> [UInt8]? {
    guard let payload = EventView(record.span.bytes)?.payload else { return nil }
    return (0..<payload.count).map { payload[$0] }
}

private struct Facts: Equatable {
    var count, length: Int
    var startsAtLink: Bool
    var networkOffset: Int
}

private func facts(of record: [UInt8]) -> Facts? {
    guard let payload = EventView(record.span.bytes)?.payload else { return nil }
    return Facts(
        count: payload.count, length: payload.length, startsAtLink: payload.startsAtLink,
        networkOffset: payload.networkOffset)
}

private func isSame(_ left: [UInt8], _ right: [UInt8], from offset: Int) -> Bool {
    guard let one = EventView(left.span.bytes)?.payload, let two = EventView(right.span.bytes)?.payload else {
        return false
    }
    return one.isEqual(from: offset, to: two, from: offset)
}

private let frame: [UInt8] = Array(1...12) + [0x08, 0x00, 0x45, 0, 0, 20, 0xaa, 0xbb, 0xcc, 0xdd, 0xee, 0xff]

@Suite struct PayloadSectionTests {
    @Test func capturedAndWholeLengthAreApart() {
        let record = record(section(20, of: 1514), frame)
        #expect(facts(of: record) == Facts(count: 20, length: 1514, startsAtLink: true, networkOffset: 14))
        #expect(bytes(of: record) == Array(frame.prefix(20)))
    }

    @Test func aTagBesideThePacketIsPutBack() {
        var tagged = section(20, of: 60, flags: NT_PAYLOAD_L2 | NT_PAYLOAD_VLAN)
        (tagged.vlan_proto, tagged.vlan_tci) = (0x8100, 0x6005)
        let record = record(tagged, frame)
        #expect(bytes(of: record) == Array(frame.prefix(12)) + [0x81, 0, 0x60, 5] + frame[12..<20])
        #expect(facts(of: record) == Facts(count: 24, length: 64, startsAtLink: true, networkOffset: 18))
    }

    /// Without an Ethernet header there is no place for it.
    @Test func aTagOfAPacketThatBeginsAtTheNetworkLayerIsNotPutBack() {
        #expect(bytes(of: record(section(8, of: 20, flags: NT_PAYLOAD_VLAN), frame)) == Array(frame.prefix(8)))
    }

    @Test func tagsInsideThePacketBelongToTheLinkLayer() {
        let tagged = Array(frame.prefix(12)) + [0x88, 0xa8, 0, 1, 0x81, 0, 0, 2, 8, 0, 0x45, 0]
        #expect(facts(of: record(section(24, of: 24), tagged))?.networkOffset == 22)
    }

    @Test(arguments: [0, 1, 8, 13, 14, 16, 17])
    func aHeaderThatIsCutEndsTheLinkLayer(captured: Int) {
        let tags = Array(frame.prefix(12)) + [0x81, 0, 0, 1, 0x81, 0, 0, 1]
        let record = record(section(captured, of: 60), Array(tags.prefix((captured + 7) & ~7)))
        let network = facts(of: record)?.networkOffset
        #expect(captured == 0 ? network == nil : network == min(captured, captured < 14 ? 14 : 18))
    }

    /// Records of damaged or hostile files.
    @Test func sizesThatLieAreCutToTheRecord() {
        var lying = section(20, of: 20)
        (lying.captured, lying.size) = (.max, .max)
        #expect(bytes(of: record(lying, frame)) == frame)
        lying.size = 3
        #expect(bytes(of: record(lying, frame)) == Array(frame.prefix(3)))
        let cut = record(section(20, of: 20), []).dropLast()
        #expect(EventView(Array(cut).span.bytes)?.isTruncated == true && bytes(of: Array(cut)) == nil)
    }

    @Test func changesAreSeenWhereverTheyAre() {
        let first = record(section(20, of: 60), frame)
        var changed = frame
        changed[3] = 0
        #expect(isSame(first, first, from: 0))
        #expect(!isSame(first, record(section(20, of: 60), changed), from: 0))
        #expect(isSame(first, record(section(20, of: 60), changed), from: 14))
        changed[19] = 0
        #expect(!isSame(first, record(section(20, of: 60), changed), from: 14))
        #expect(!isSame(first, record(section(20, of: 61), frame), from: 14))
        #expect(!isSame(first, record(section(19, of: 60), frame), from: 14))
    }

    @Test func sectionsOfLaterVersionsAreKnownByTheirBits() {
        let record = record(section(8, of: 8), Array(frame.prefix(8)), sections: NT_SECTION_PAYLOAD | 1 << 15)
        #expect(EventView(record.span.bytes)?.unknownSections == 1 << 15)
        #expect(EventView.knownSections == 14)
        // Such a section would follow the bytes of the packet.
        #expect(bytes(of: record) == Array(frame.prefix(8)))
    }
}
