import Testing
import Text

@testable import CaptureFiles

/// The quick path of a capture makes the same records as the path for all packets.
@Suite struct LiveRecordTests {
    private static let packets = [0, 1, 2, 3, 4, 60, 1514, 65535, 300_000].map { size in
        (0..<size).map { UInt8(truncatingIfNeeded: $0 &* 7) }
    }

    private func same(_ one: borrowing ByteBuffer, _ other: borrowing ByteBuffer) -> Bool {
        one.bytes.withUnsafeBytes(Array.init) == other.bytes.withUnsafeBytes(Array.init)
    }

    @Test(arguments: [ByteOrder.littleEndian, .bigEndian]) func pcapng(order: ByteOrder) {
        for (number, bytes) in Self.packets.enumerated() {
            for (direction, more) in [(PacketView.Direction.unknown, 0), (.inbound, 1 << 9), (.outbound, 0)] {
                let time = Int64(1_700_000_000_123_456_789) + Int64(number)
                let writer = PcapNGWriter(order)
                var quick = ByteBuffer()
                var general = ByteBuffer()
                writer.append(
                    live: bytes.span.bytes, wireLength: 700, time: time, interface: number,
                    flags: UInt32(direction.rawValue) | UInt32(more), to: &quick)
                let view = PacketView(
                    bytes.span.bytes, wireLength: 700, time: time, interface: number, direction: direction)
                writer.append(view, flags: UInt32(more), to: &general)
                let areSame = same(quick, general)
                #expect(areSame)
            }
        }
    }

    @Test(arguments: [ByteOrder.littleEndian, .bigEndian]) func pcap(order: ByteOrder) {
        for bytes in Self.packets {
            for isNanoseconds in [false, true] {
                let writer = PcapWriter(.ethernet, 0, isNanoseconds: isNanoseconds, order)
                var quick = ByteBuffer()
                var general = ByteBuffer()
                let time: Int64 = 1_700_000_000_987_654_321
                writer.append(live: bytes.span.bytes, wireLength: 70_000, time: time, to: &quick)
                writer.append(PacketView(bytes.span.bytes, wireLength: 70_000, time: time), to: &general)
                let areSame = same(quick, general)
                #expect(areSame)
            }
        }
    }
}
