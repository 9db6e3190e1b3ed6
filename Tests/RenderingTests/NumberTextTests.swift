import Protocols
import Testing

@testable import Rendering

/// Numbers are written several digits at a time, and text is scanned eight bytes at a time, so every length and
/// position is tested.
@Suite struct NumberTextTests {
    private func written(_ body: (inout ByteBuffer) -> Void) -> String {
        var buffer = ByteBuffer(capacity: 1)
        body(&buffer)
        return text(buffer)
    }

    private func padded(_ digits: String, _ width: Int) -> String {
        String(repeating: "0", count: max(0, width - digits.count)) + digits
    }

    @Test func everyFourDigits() {
        for value in UInt64(0)..<10_000 {
            #expect(written { $0.appendDecimal(value) } == String(value))
            // The same digits in each position of a longer number.
            let long = value * 10_000 + 9_999 - value
            #expect(written { $0.appendDecimal(long) } == String(long))
            let longer = long * 100_000_000 + long
            #expect(written { $0.appendDecimal(longer) } == String(longer))
        }
    }

    @Test(arguments: 1...20)
    func everyWidth(_ width: Int) {
        var value: UInt64 = 0
        while true {
            #expect(written { $0.appendDecimal(value, width: width) } == padded(String(value), width))
            guard value < .max / 8 else { break }
            value = value * 7 + 3
        }
    }

    @Test(arguments: 1...16)
    func everyHexWidth(_ width: Int) {
        for shift in stride(from: UInt64(0), through: 64, by: 4) {
            let value = 0x0123_4567_89ab_cdef as UInt64 >> shift
            #expect(written { $0.appendHex(value, width: width) } == padded(String(value, radix: 16), width))
            #expect(
                written { $0.appendHex(~value, width: width) } == padded(String(~value, radix: 16), width))
        }
    }

    @Test func everyOctet() {
        for octet in UInt32(0)..<256 {
            let other = 255 - octet
            #expect(
                written { $0.append(IPv4Address(bits: octet << 24 | other << 16 | octet << 8 | other)) }
                    == "\(octet).\(other).\(octet).\(other)")
        }
    }

    @Test func macAddress() {
        #expect(written { $0.append(MACAddress(bits: 0x0102_03ab_cd0f)) } == "01:02:03:ab:cd:0f")
    }

    /// Runs of zero groups as in RFC 5952, compared with the simplest search.
    @Test func everyPatternOfZeroGroups() {
        for pattern in 0..<256 where pattern != 0xff {
            let groups = (0..<8).map { pattern >> $0 & 1 == 1 ? 0 : 0xa0 + UInt64($0) }
            var best = 0..<1
            for start in 0..<8 {
                let end = groups[start...].firstIndex { $0 != 0 } ?? 8
                if end - start > best.count { best = start..<end }
            }
            let texts = groups.map { String($0, radix: 16) }
            let expected =
                best.count < 2
                ? texts.joined(separator: ":")
                : texts[..<best.lowerBound].joined(separator: ":") + "::"
                    + texts[best.upperBound...].joined(separator: ":")
            let high = groups[..<4].reduce(0) { $0 << 16 | $1 }
            let low = groups[4...].reduce(0) { $0 << 16 | $1 }
            #expect(written { $0.append(IPv6Address(high: high, low: low)) } == expected)
        }
    }

    /// Every byte at every position of texts with up to two and a half words.
    @Test func everyByteAtEveryPlace() {
        for length in 1...20 {
            for place in 0..<length {
                for byte in [0x00, 0x1f, 0x20, 0x22, 0x5b, 0x5c, 0x5d, 0x7e, 0x7f, 0x80, 0xff] as [UInt8] {
                    var bytes = [UInt8](repeating: UInt8(ascii: "x"), count: length)
                    bytes[place] = byte
                    let before = String(repeating: "x", count: place)
                    let after = String(repeating: "x", count: length - place - 1)
                    let hex = "\\x" + padded(String(byte, radix: 16), 2)
                    let isPrintable = byte >= 0x20 && byte < 0x7f
                    let plain = String(UnicodeScalar(byte))
                    let escaped = byte == 0x5c ? "\\\\" : isPrintable ? plain : hex
                    #expect(written { $0.appendEscaped(bytes.span.bytes) } == before + escaped + after)
                    let json =
                        byte == 0x22 || byte == 0x5c
                        ? "\\" + plain
                        : isPrintable ? plain : byte >= 0x80 ? "\\" + hex : "\\u00" + hex.dropFirst(2)
                    #expect(
                        written { $0.appendJSONString(bytes.span.bytes) } == "\"" + before + json + after + "\"")
                }
            }
        }
    }

    @Test func emptyObjects() {
        #expect(written { JSONObject().end(&$0) } == "{}")
        #expect(
            written {
                var object = JSONObject()
                object.object("inside", &$0) { _, _ in }
                object.nameIfAny("left_out", &$0) { _ in false }
                object.number("next", 1, &$0)
                object.end(&$0)
            } == #"{"inside":{},"next":1}"#)
        #expect(
            written {
                var object = JSONObject()
                object.nameIfAny("left_out", &$0) { _ in false }
                object.word("first", "word", &$0)
                object.end(&$0)
            } == #"{"first":"word"}"#)
    }
}
