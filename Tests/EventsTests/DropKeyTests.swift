import CNettraceBPF
import Events
import Testing

@Suite struct DropKeyTests {
    private func key(_ change: (inout nt_drop_key) -> Void) -> DropKey? {
        var raw = nt_drop_key()
        change(&raw)
        return withUnsafeBytes(of: raw) { DropKey($0.bytes) }
    }

    @Test func everyFieldIsRead() throws {
        let key = try #require(
            key { raw in
                raw.location = 0xffff_ffff_8123_4567
                raw.reason = 0x3_0001
                raw.netns = 4_026_531_833
                withUnsafeMutableBytes(of: &raw.ifname) { $0.copyBytes(from: "eth0".utf8) }
                withUnsafeMutableBytes(of: &raw.saddr) { $0.copyBytes(from: [10, 9, 0, 1]) }
                withUnsafeMutableBytes(of: &raw.daddr) { $0.copyBytes(from: 1...16) }
                raw.sport = UInt16(4711).bigEndian
                raw.dport = UInt16(53).bigEndian
                raw.protocol = 0x0800
                raw.l4 = 17
            })
        #expect(key.location == 0xffff_ffff_8123_4567)
        #expect(key.reason == 0x3_0001)
        #expect(key.netns == 4_026_531_833)
        #expect(key.device == Array("eth0".utf8))
        #expect(key.source == .init(high: 0x0a09_0001_0000_0000))
        #expect(key.destination == .init(high: 0x0102_0304_0506_0708, low: 0x090a_0b0c_0d0e_0f10))
        #expect((key.sourcePort, key.destinationPort) == (4711, 53))
        #expect((key.etherType, key.transport) == (0x0800, 17))
    }

    /// The interval's number is internal to the kernel side: rows of two intervals are the same row.
    @Test func theEpochIsNoPartOfIt() {
        #expect(key { $0.epoch = 1 } == key { $0.epoch = 2 })
    }

    @Test func aNameWithoutEndIsCut() throws {
        let key = try #require(
            key { raw in withUnsafeMutableBytes(of: &raw.ifname) { $0.copyBytes(from: repeatElement(0x41, count: 16)) }
            })
        #expect(key.device.count == 16)
    }

    @Test func tooFewBytes() {
        let bytes = [UInt8](repeating: 0, count: MemoryLayout<nt_drop_key>.size - 1)
        #expect(DropKey(bytes.span.bytes) == nil)
    }

    @Test func everyDimensionHasABitOfItsOwn() {
        let bits = DropDimension.allCases.map(\.bit)
        #expect(bits.allSatisfy { $0.nonzeroBitCount == 1 })
        #expect(Set(bits).count == bits.count)
    }
}
