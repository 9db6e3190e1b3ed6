import Testing

@testable import PacketReports

@Suite struct ChecksumTests {
    /// The example of RFC 1071, section 3, and its complement.
    private static let words: [UInt8] = [0x00, 0x01, 0xf2, 0x03, 0xf4, 0xf5, 0xf6, 0xf7]

    @Test func sum() {
        let bytes = Self.words + [0x22, 0x0d]
        #expect(ChecksumCheck(bytes.span.bytes, length: 10, at: 8) == .correct)
    }

    @Test(arguments: 0..<8) func everyBitCounts(byte: Int) {
        for bit in 0..<8 {
            var bytes = Self.words + [0x22, 0x0d]
            bytes[byte] ^= 1 << UInt8(bit)
            guard case .wrong(let expected) = ChecksumCheck(bytes.span.bytes, length: 10, at: 8) else {
                Issue.record("bit \(bit) of byte \(byte) does not count")
                continue
            }
            bytes[8] = UInt8(expected >> 8)
            bytes[9] = UInt8(expected & 0xff)
            #expect(ChecksumCheck(bytes.span.bytes, length: 10, at: 8) == .correct)
        }
    }

    @Test func incompleteMessages() {
        let bytes = Self.words + [0x22, 0x0d]
        #expect(ChecksumCheck(bytes.span.bytes, length: 11, at: 8) == .cut)
        #expect(ChecksumCheck(bytes.span.bytes, length: 9, at: 8) == .cut)
        let fragment = Pseudoheader(source: 0, destination: 0, isFragment: true)
        #expect(ChecksumCheck(bytes.span.bytes, length: 10, at: 8, network: fragment) == .fragment)
    }

    /// A packet as its sender's own machine captures it: the field holds the sum of the pseudoheader alone.
    @Test func theDeviceAddsTheRest() {
        let header = Pseudoheader(source: 0x0a00_0001, destination: 0x0a00_0002, ipProtocol: 17)
        // 0a00 + 0001 + 0a00 + 0002 + the length 10 + the protocol 17.
        let bytes = Self.words + [0x14, 0x1e]
        #expect(ChecksumCheck(bytes.span.bytes, length: 10, at: 8, network: header) == .offloaded)
        #expect(ChecksumCheck(bytes.span.bytes, length: 10, at: 8) == .wrong(expected: 0x220d))
    }
}
