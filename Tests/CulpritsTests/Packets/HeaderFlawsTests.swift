import Testing

@testable import Culprits

/// Correct packets, and a single error in each.
@Suite struct HeaderFlawsTests {
    /// 10.0.0.1 port 4000 to 10.0.0.2 port 53, four bytes of data; all checksums are correct.
    private let datagram: [UInt8] = [
        0x45, 0, 0, 32, 0, 1, 0, 0, 64, 17, 0x66, 0xca, 10, 0, 0, 1, 10, 0, 0, 2,
        0x0f, 0xa0, 0, 53, 0, 12, 0xd7, 0xf8, 1, 2, 3, 4,
    ]

    private func flaws(_ changes: [Int: UInt8] = [:], cut: Int = 0) -> HeaderFlaws? {
        var bytes = datagram
        for (offset, byte) in changes { bytes[offset] = byte }
        return HeaderFlaws(Array(bytes.dropLast(cut)), etherType: 0x0800)
    }

    @Test func nothingIsWrongWithAGoodPacket() throws {
        let good = try #require(flaws())
        #expect(good.network == nil && good.networkChecksum == nil)
        #expect(good.truncation(length: 32) == nil && good.transportChecksum(of: 17) == nil)
    }

    @Test func checksumsAreSummedUp() {
        #expect(flaws([10: 0xde, 11: 0xad])?.networkChecksum == "IP header checksum 0xdead")
        #expect(flaws([26: 0xde, 27: 0xad])?.transportChecksum(of: 17) == "UDP checksum 0xdead")
        #expect(flaws([26: 0xde, 27: 0xad])?.transportChecksum(of: 6) == nil)
    }

    @Test func aMissingChecksumIsNoneOverIPv4() {
        #expect(flaws([26: 0, 27: 0])?.transportChecksum(of: 17) == nil)
    }

    /// The sum of the pseudo header, which a device would have completed.
    @Test func aChecksumThatIsLeftToTheDeviceIsNotWrong() {
        #expect(flaws([26: 0x14, 27: 0x20])?.transportChecksum(of: 17) == nil)
    }

    @Test func whatWasNotCapturedProvesNothing() {
        #expect(flaws([26: 0xde], cut: 1)?.transportChecksum(of: 17) == nil)
        #expect(flaws(cut: 13) == nil)
    }

    @Test func fragmentsHaveNoTransportChecksum() {
        #expect(flaws([6: 0x20, 26: 0xde])?.transportChecksum(of: 17) == nil)
    }

    @Test(arguments: [
        ([0: 0x55], "IP version 5 in IPv4"), ([0: 0x44], "IP header length 16"),
        ([3: 19], "IP length 19, less than the header's 20"),
    ])
    func theNetworkHeaderContradictsItself(changes: [Int: UInt8], flaw: String) {
        #expect(flaws(changes)?.network == flaw)
    }

    @Test func lengthsAreHeldAgainstWhatIsThere() {
        #expect(flaws()?.truncation(length: 31) == "IP length 32, but 31 bytes")
        #expect(flaws()?.truncation(length: nil) == nil)
        #expect(flaws([25: 13])?.truncation(length: nil) == "UDP length 13 in 12 bytes")
        #expect(flaws([25: 13])?.transportChecksum(of: 17) == nil)
        #expect(flaws([25: 7])?.truncation(length: 32) == "UDP length 7 in 12 bytes")
    }

    @Test func bigTCPClaimsNoLength() {
        #expect(flaws([2: 0, 3: 0])?.network == nil)
        #expect(flaws([2: 0, 3: 0])?.truncation(length: nil) == nil)
    }

    @Test func theVersionOfIPv6IsChecked() {
        var bytes = [UInt8](repeating: 0, count: 48)
        bytes[0] = 0x40
        #expect(HeaderFlaws(bytes, etherType: 0x86dd)?.network == "IP version 4 in IPv6")
        bytes[0] = 0x60
        #expect(HeaderFlaws(bytes, etherType: 0x86dd)?.network == nil)
        bytes[5] = 9
        #expect(HeaderFlaws(bytes, etherType: 0x86dd)?.truncation(length: 48) == "IP length 49, but 48 bytes")
    }
}
