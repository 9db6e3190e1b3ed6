import SystemPackage
import Text

@testable import CaptureFiles

/// A packet with memory of its own.
struct TestPacket: Equatable {
    var bytes: [UInt8]
    var wireLength: Int
    var time: Int64?
    var linkType = LinkType.ethernet
    var interface = 0
    var direction = PacketView.Direction.unknown
    var dropped: UInt64?
    var comments: [String] = []

    /// Calls `body` with a view of the packet.
    func view(_ body: (borrowing PacketView) -> Void) {
        body(
            PacketView(
                bytes.span.bytes, wireLength: wireLength, time: time, linkType: linkType, interface: interface,
                direction: direction, dropped: dropped))
    }
}

extension TestPacket {
    init(_ view: borrowing PacketView) {
        bytes = view.bytes.withUnsafeBytes { [UInt8]($0) }
        wireLength = view.wireLength
        time = view.time
        linkType = view.linkType
        interface = view.interface
        direction = view.direction
        dropped = view.dropped
        comments = view.options.comments
    }
}

/// All that a file gives: packets, then the end or an error.
struct ReadCapture {
    var format: CaptureFormat?
    var packets: [TestPacket] = []
    var contents = CaptureContents()
    var error: CaptureError?

    /// - Parameter piece: the most bytes that the source gives at once, as a pipe does.
    init(_ file: [UInt8], piece: Int = .max) {
        var at = 0
        do throws(CaptureError) {
            var reader = try CaptureReader(name: "test") { buffer in
                let count = min(piece, buffer.count, file.count - at)
                buffer.copyBytes(from: file[at..<at + count])
                at += count
                return count
            }
            format = reader.format
            defer { contents = reader.contents }
            while try reader.next() { packets.append(TestPacket(reader.packet)) }
        } catch {
            self.error = error
        }
    }
}

/// Makes a file.
func file(_ body: (inout ByteBuffer) -> Void) -> [UInt8] {
    var buffer = ByteBuffer()
    body(&buffer)
    return buffer.withUnsafeBytes { [UInt8]($0) }
}

/// The same numbers in each run.
struct TestGenerator: RandomNumberGenerator {
    private var state: UInt64

    init(seed: UInt64) { state = seed }

    /// SplitMix64.
    mutating func next() -> UInt64 {
        state &+= 0x9e37_79b9_7f4a_7c15
        var value = state
        value = (value ^ value >> 30) &* 0xbf58_476d_1ce4_e5b9
        value = (value ^ value >> 27) &* 0x94d0_49bb_1331_11eb
        return value ^ value >> 31
    }
}
