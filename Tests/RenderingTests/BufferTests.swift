import Protocols
import Testing

@testable import Rendering

@Suite struct BufferTests {
    private func written(_ body: (inout ByteBuffer) -> Void) -> String {
        var buffer = ByteBuffer(capacity: 1)
        body(&buffer)
        return text(buffer)
    }

    @Test(arguments: [0, 9, 10, 99, 100, 12345, 1 << 32, .max - 1, .max, 9_999_999_999_999_999_999] as [UInt64])
    func decimal(_ value: UInt64) {
        #expect(written { $0.appendDecimal(value) } == String(value))
        #expect(written { $0.appendHex(value) } == String(value, radix: 16))
    }

    @Test func everyPowerOfTen() {
        var power: UInt64 = 1
        while true {
            #expect(written { $0.appendDecimal(power) } == String(power))
            #expect(written { $0.appendDecimal(power - 1) } == String(power - 1))
            let (next, overflow) = power.multipliedReportingOverflow(by: 10)
            guard !overflow else { break }
            power = next
        }
    }

    @Test func padding() {
        #expect(written { $0.appendDecimal(42, width: 6) } == "000042")
        #expect(written { $0.appendDecimal(1_234_567, width: 6) } == "1234567")
        #expect(written { $0.appendHex(0xab, width: 4) } == "00ab")
    }

    @Test func growsAndIsReused() {
        var buffer = ByteBuffer(capacity: 1)
        for index in 0..<10_000 {
            buffer.append(UInt8(truncatingIfNeeded: index))
        }
        #expect(buffer.count == 10_000)
        buffer.withUnsafeBytes { #expect($0[9_999] == UInt8(truncatingIfNeeded: 9_999)) }
        buffer.removeAll()
        #expect(buffer.isEmpty == true)
        buffer.append("again")
        #expect(text(buffer) == "again")
        #expect(buffer.bytes.byteCount == 5)
    }

    @Test(
        arguments: [
            (0, 0, "::"), (0, 1, "::1"), (0xfe80_0000_0000_0000, 1, "fe80::1"),
            // The first of two equally long runs is shortened.
            (0x2001_0db8_0000_0000, 0x0001_0000_0000_0001, "2001:db8::1:0:0:1"),
            // A single group of zeros is not shortened.
            (0x2001_0db8_0000_0001, 0x0001_0001_0001_0001, "2001:db8:0:1:1:1:1:1"),
            // The longer run is shortened, although it is the second.
            (0x2001_0000_0000_0001, 0x0000_0000_0000_0001, "2001:0:0:1::1"),
            (0x0000_0001_0001_0001, 0x0001_0001_0000_0000, "0:1:1:1:1:1::"),
            (1, 0, "0:0:0:1::"),
            (0, 0x0000_ffff_0a00_0001, "::ffff:10.0.0.1"),
            (.max, .max, "ffff:ffff:ffff:ffff:ffff:ffff:ffff:ffff"),
        ] as [(UInt64, UInt64, String)])
    func ipv6(_ high: UInt64, _ low: UInt64, _ expected: String) {
        #expect(written { $0.append(IPv6Address(high: high, low: low)) } == expected)
    }

    @Test(arguments: [(0, "0.0.0.0"), (.max, "255.255.255.255"), (0x0a64_090b, "10.100.9.11")] as [(UInt32, String)])
    func ipv4(_ bits: UInt32, _ expected: String) {
        #expect(written { $0.append(IPv4Address(bits: bits)) } == expected)
    }

    @Test func jsonStrings() {
        func quoted(_ bytes: [UInt8]) -> String {
            written { $0.appendJSONString(bytes.span.bytes) }
        }
        #expect(quoted(Array("plain".utf8)) == #""plain""#)
        #expect(quoted(Array("a\"b\\c\n\u{1b}\u{7f}".utf8)) == #""a\"b\\c\u000a\u001b\u007f""#)
        #expect(quoted(Array("é €".utf8)) == #""\u00e9 \u20ac""#)
        #expect(quoted(Array("😀".utf8)) == #""\ud83d\ude00""#)
        // Not UTF-8: a lone continuation byte, an overlong slash, a surrogate, a value beyond Unicode, a truncated
        // sequence.
        #expect(quoted([0x80]) == #""\\x80""#)
        #expect(quoted([0xc0, 0xaf]) == #""\\xc0\\xaf""#)
        #expect(quoted([0xed, 0xa0, 0x80]) == #""\\xed\\xa0\\x80""#)
        #expect(quoted([0xf4, 0x90, 0x80, 0x80]) == #""\\xf4\\x90\\x80\\x80""#)
        #expect(quoted([0x41, 0xe2, 0x82]) == #""A\\xe2\\x82""#)
    }
}
