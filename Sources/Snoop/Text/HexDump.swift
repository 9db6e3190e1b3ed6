import Protocols
import Text

/// Bytes as hexadecimal digits and as text, in rows that begin at multiples of 16 bytes from the start of the packet.
enum HexDump {
    static func append(_ range: Range<Int>, of packet: RawSpan, to buffer: inout ByteBuffer) {
        var start = range.lowerBound
        while start < range.upperBound {
            let end = min(range.upperBound, start / 16 * 16 + 16)
            buffer.appendDecimal(UInt64(start), width: 5)
            buffer.append(": ")
            for offset in start..<end {
                buffer.appendHex(UInt64(byte(packet, offset)), width: 2)
                buffer.append(UInt8(ascii: " "))
            }
            for _ in 0..<16 - (end - start) { buffer.append("   ") }
            buffer.append(UInt8(ascii: " "))
            for offset in start..<end {
                let byte = byte(packet, offset)
                buffer.append(byte >= 0x20 && byte < 0x7f ? byte : UInt8(ascii: "."))
            }
            buffer.append(UInt8(ascii: "\n"))
            start = end
        }
    }

    private static func byte(_ packet: RawSpan, _ offset: Int) -> UInt8 {
        UInt8(truncatingIfNeeded: packet.bits(.init(offset * 8, 8)) ?? 0)
    }
}
