import CNettraceBPF
import Events
import Testing

@Suite struct RoundTripRowTests {
    @Test func smallTimesAreExact() {
        for time in UInt32(0)..<32 {
            #expect(RoundTripRow.times(in: RoundTripRow.part(of: time)) == UInt64(time)...UInt64(time))
        }
    }

    @Test func partsFollowEachOtherWithoutGapOrOverlap() {
        var next: UInt64 = 0
        for part in 0..<RoundTripRow.partCount {
            let times = RoundTripRow.times(in: part)
            #expect(times.lowerBound == next)
            #expect(Double(times.upperBound - times.lowerBound) <= Double(times.lowerBound) / 16)
            #expect(RoundTripRow.part(of: UInt32(times.lowerBound)) == part)
            #expect(RoundTripRow.part(of: UInt32(times.upperBound)) == part)
            next = times.upperBound + 1
        }
        #expect(next == 1 << 29)
    }

    @Test func aRowIsReadAsItIsWritten() throws {
        var raw = nt_rtt_row()
        raw.samples = 3
        raw.sum = 60
        raw.min = 10
        raw.max = 30
        withUnsafeMutableBytes(of: &raw.parts) { bytes in
            bytes.storeBytes(of: 2, toByteOffset: 40, as: UInt32.self)
            bytes.storeBytes(of: 1, toByteOffset: bytes.count - 4, as: UInt32.self)
        }
        let row = try #require(withUnsafeBytes(of: raw) { RoundTripRow($0.bytes) })
        #expect(row.sum == 60 && row.minimum == 10 && row.maximum == 30)
        #expect(row.parts[10] == 2 && row.parts[415] == 1 && row.parts.reduce(0, +) == 3)
        #expect(withUnsafeBytes(of: raw) { RoundTripRow($0.bytes.extracting(0..<$0.count - 1)) } == nil)
    }

    @Test func aKeyIsReadAsItIsWritten() throws {
        var raw = nt_rtt_key()
        withUnsafeMutableBytes(of: &raw.remote) { $0.copyBytes(from: [10, 9, 0, 2]) }
        raw.service = UInt16(443).bigEndian
        raw.remote_port = UInt16(1).bigEndian
        raw.local_port = UInt16(2).bigEndian
        raw.protocol = 0x0800
        raw.netns = 7
        let key = try #require(withUnsafeBytes(of: raw) { RoundTripKey($0.bytes) })
        #expect(key.remote == NetworkAddress(high: 0x0a09_0002_0000_0000) && key.local == NetworkAddress())
        #expect(key.service == 443 && key.remotePort == 1 && key.localPort == 2)
        #expect(key.etherType == 0x0800 && key.netns == 7)
        #expect(withUnsafeBytes(of: raw) { RoundTripKey($0.bytes.extracting(0..<47)) } == nil)
    }

    @Test func eachDimensionHasItsBit() {
        #expect(Set(RoundTripDimension.allCases.map(\.bit)).count == RoundTripDimension.allCases.count)
    }
}
