import Testing
import Text

@testable import CaptureFiles

/// Blocks and options that this program does not write.
@Suite struct PcapNGTests {
    private static func block(_ type: UInt32, _ body: [UInt8], _ order: ByteOrder) -> [UInt8] {
        file { buffer in
            buffer.append(type, order)
            buffer.append(UInt32(12 + body.count), order)
            buffer.append(contentsOf: body)
            buffer.append(UInt32(12 + body.count), order)
        }
    }

    private static func section(_ order: ByteOrder) -> [UInt8] {
        file { PcapNGWriter(order).appendSection(application: nil, to: &$0) }
    }

    private static func numbers(_ order: ByteOrder, _ values: [UInt32]) -> [UInt8] {
        file { for value in values { $0.append(value, order) } }
    }

    /// An interface with options, of which each is given with its padding.
    private static func interface(_ order: ByteOrder, snapshotLength: UInt32 = 0, options: [UInt8] = []) -> [UInt8] {
        block(
            PcapNGBlock.interface,
            file {
                $0.append(UInt16(1), order)
                $0.append(UInt16(0), order)
                $0.append(snapshotLength, order)
                $0.append(contentsOf: options)
            }, order)
    }

    private static func option(_ order: ByteOrder, _ code: UInt16, _ value: [UInt8]) -> [UInt8] {
        file {
            $0.append(code, order)
            $0.append(UInt16(value.count), order)
            $0.append(contentsOf: value)
            $0.pad(after: value.count)
        }
    }

    /// A packet without options of the section's interface.
    private static func packet(_ order: ByteOrder, ticks: UInt64, interface: UInt32 = 0) -> [UInt8] {
        block(
            PcapNGBlock.packet,
            numbers(order, [interface, UInt32(ticks >> 32), UInt32(truncatingIfNeeded: ticks), 4, 90, 0]), order)
    }

    @Test(arguments: [ByteOrder.littleEndian, .bigEndian]) func simpleAndObsoletePackets(order: ByteOrder) {
        var bytes = Self.section(order) + Self.interface(order, snapshotLength: 6)
        bytes += Self.block(PcapNGBlock.simplePacket, Self.numbers(order, [100]) + [1, 2, 3, 4, 5, 6, 0, 0], order)
        bytes += Self.block(PcapNGBlock.simplePacket, Self.numbers(order, [3]) + [7, 8, 9, 0], order)
        bytes += Self.block(
            PcapNGBlock.obsoletePacket,
            file {
                $0.append(UInt16(0), order)
                $0.append(UInt16(5), order)
            } + Self.numbers(order, [0, 1_500_000, 2, 60]) + [1, 2, 0, 0], order)
        let read = ReadCapture(bytes)
        #expect(read.error == nil)
        #expect(
            read.packets == [
                TestPacket(bytes: [1, 2, 3, 4, 5, 6], wireLength: 100), TestPacket(bytes: [7, 8, 9], wireLength: 3),
                TestPacket(bytes: [1, 2], wireLength: 60, time: 1_500_000_000, dropped: 5),
            ])
        #expect(read.contents.dropped == 5)
    }

    @Test(arguments: [ByteOrder.littleEndian, .bigEndian]) func unknownBlocksAreSkipped(order: ByteOrder) {
        // Larger than any block that is kept in memory.
        let large = Self.block(0xbad, [UInt8](repeating: 7, count: CaptureInput.maximum + 4), order)
        let small = Self.block(0xa, [1, 2, 3, 4], order)
        let bytes = Self.section(order) + large + Self.interface(order) + small + Self.packet(order, ticks: 1)
        let read = ReadCapture(bytes, piece: 100_000)
        #expect(read.error == nil)
        #expect(read.packets.map(\.time) == [1000])
    }

    /// Each section has its own byte order and interfaces.
    @Test func sections() {
        var bytes: [UInt8] = []
        for order in [ByteOrder.littleEndian, .bigEndian, .littleEndian] {
            bytes += Self.section(order) + Self.interface(order) + Self.interface(order)
            bytes += Self.packet(order, ticks: 1, interface: 1)
        }
        let read = ReadCapture(bytes)
        #expect(read.error == nil)
        #expect(read.packets.map(\.interface) == [1, 3, 5])
        #expect(read.contents.interfaces.count == 6)
    }

    struct Stamp: Sendable {
        var resolution: UInt8
        var ticks: UInt64
        var offset: Int64 = 0
        var time: Int64?
    }

    private static let stamps = [
        Stamp(resolution: 6, ticks: 1_700_000_000_123_456, time: 1_700_000_000_123_456_000),
        Stamp(resolution: 0, ticks: 1_700_000_000, time: 1_700_000_000_000_000_000),
        Stamp(resolution: 12, ticks: 1_700_000_000_123_456_789, time: 1_700_000_000_123_456),
        Stamp(resolution: 0x80 | 10, ticks: 1_700_000_000 << 10 | 512, time: 1_700_000_000_500_000_000),
        Stamp(resolution: 0x80 | 64, ticks: 1 << 63, time: 500_000_000),
        Stamp(resolution: 9, ticks: 5, offset: 1_700_000_000, time: 1_700_000_000_000_000_005),
        Stamp(resolution: 9, ticks: 5, offset: -1, time: -999_999_995),
        Stamp(resolution: 0, ticks: .max, time: nil),
        Stamp(resolution: 9, ticks: .max, offset: .max, time: nil),
        Stamp(resolution: 0xff, ticks: .max, time: 0),
        Stamp(resolution: 0x7f, ticks: 1, time: nil),
        Stamp(resolution: 28, ticks: .max, time: 1),
    ]

    @Test(arguments: stamps) func timestamps(stamp: Stamp) {
        for order in [ByteOrder.littleEndian, .bigEndian] {
            let options =
                Self.option(order, OptionCode.timeResolution, [stamp.resolution])
                + Self.option(order, OptionCode.timeOffset, file { $0.append(UInt64(bitPattern: stamp.offset), order) })
            let bytes =
                Self.section(order) + Self.interface(order, options: options) + Self.packet(order, ticks: stamp.ticks)
            #expect(ReadCapture(bytes).packets.map(\.time) == [stamp.time])
        }
    }

    /// The message, and the offset: that of the block at fault.
    @Test(arguments: [
        ([UInt8](), "no interface", "a packet of interface 0, which the file does not describe"),
        (interface(.littleEndian), "packet", "a packet of 4294967295 bytes, and none has more than 262144"),
        (interface(.littleEndian), "size", "a block of 13 bytes, and their number is a multiple of 4, 12 or more"),
        (interface(.littleEndian), "sizes", "a block whose two sizes differ"),
        (interface(.littleEndian), "large", "a block of 4294967292 bytes, and none that counts has more than 1048576"),
        (interface(.littleEndian), "options", "an option of a packet exceeds its block"),
        (interface(.littleEndian), "statistics", "statistics of interface 9, which the file does not describe"),
    ])
    func errors(before: [UInt8], kind: String, message: String) throws {
        let start = Self.section(.littleEndian) + before
        let fault: [UInt8] =
            switch kind {
            case "packet": Self.block(6, Self.numbers(.littleEndian, [0, 0, 0, .max, .max]), .littleEndian)
            case "size": Self.numbers(.littleEndian, [6, 13, 0, 0, 0])
            case "sizes": Self.numbers(.littleEndian, [7, 12, 16])
            case "large": Self.numbers(.littleEndian, [6, .max - 3, 0])
            case "options":
                Self.block(6, Self.numbers(.littleEndian, [0, 0, 0, 0, 0, 0x0009_0001]), .littleEndian)
            case "statistics": Self.block(5, Self.numbers(.littleEndian, [9, 0, 0]), .littleEndian)
            default: Self.packet(.littleEndian, ticks: 0)
            }
        let good = before.isEmpty ? [] : Self.packet(.littleEndian, ticks: 3)
        let read = ReadCapture(start + good + fault)
        let error = try #require(read.error)
        #expect(error.problem == .malformed(message))
        #expect(error.offset == UInt64(start.count + good.count))
        #expect(read.packets.count == (good.isEmpty ? 0 : 1))
        #expect(error.packets == UInt64(read.packets.count))
    }
}
