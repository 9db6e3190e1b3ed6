import CNettraceBPF
import CaptureFiles
import Analysis
import Events
import Pipeline
import Testing
import Text

@testable import Rendering

@Suite struct PcapNGTests {
    private typealias Records = ContextRecords

    private struct Packet: Equatable {
        var interface: String?
        var linkType: LinkType
        var direction: PacketView.Direction
        var time: Int64?
        var bytes: [UInt8]
        var wireLength: Int
        var comments: [String]
    }

    private static let link: [UInt8] = [2, 0, 0, 0, 0, 1, 2, 0, 0, 0, 0, 2, 8, 0]
    private static let ip: [UInt8] = ipv4(1, echoRequest)
    /// The first event by the wall clock.
    private static let start: Int64 = 1_795_230_765_123_456_789

    private static func event(
        _ hook: UInt16, at time: UInt64, device: UInt32, _ bytes: [UInt8], startsAtLink: Bool = true
    ) -> EventRecord {
        var record = Records.event(hook, at: time)
        var section = nt_payload()
        section.length = UInt32(bytes.count + 1000)
        section.flags = startsAtLink ? UInt16(NT_PAYLOAD_L2) : 0
        record.payload = (section, bytes)
        if device > 0 { record.device = (7, device, Array("eth\(device)".utf8)) }
        return record
    }

    private static func packets(_ records: [(context: UInt64, EventRecord)]) throws -> [Packet] {
        let origin = CaptureOrigin(application: "nettrace 1", kernel: "6.12", machine: "x86_64", commandLine: "-X")
        var stream = ContextStream(
            PcapNGRenderer(names: Records.names, origin: origin), releases: { _ in .never },
            rules: Records.rules, tracker: ContextTracker(limits: .init()))
        var buffer = ByteBuffer()
        for (context, record) in records {
            stream.accept(Records.withContext(context, record).span.bytes, into: &buffer)
        }
        stream.finish(into: &buffer)
        var file = buffer.withUnsafeBytes { [UInt8]($0) }[...]
        var reader = try CaptureReader(name: "test") { buffer in
            let piece = file.prefix(buffer.count)
            buffer.copyBytes(from: piece)
            file = file.dropFirst(piece.count)
            return piece.count
        }
        var packets: [Packet] = []
        while try reader.next() {
            let packet = reader.packet
            packets.append(
                Packet(
                    interface: reader.interfaces[packet.interface].name, linkType: packet.linkType,
                    direction: packet.direction, time: packet.time, bytes: packet.bytes.withUnsafeBytes { [UInt8]($0) },
                    wireLength: packet.wireLength, comments: packet.options.comments))
        }
        #expect(reader.contents.application == "nettrace 1" && reader.contents.system == "Linux 6.12")
        return packets
    }

    @Test func onePacketPerDevice() throws {
        let records = [
            Self.event(0, at: 0, device: 2, Self.ip, startsAtLink: false),
            Self.event(5, at: 1000, device: 2, Self.ip, startsAtLink: false),
            Self.event(5, at: 2000, device: 0, Self.ip, startsAtLink: false),
            Self.event(5, at: 3000, device: 3, Self.ip, startsAtLink: false),
            Self.event(1, at: 4000, device: 3, Self.link + Self.ip), Records.event(3, at: 5000),
        ]
        let packets = try Self.packets(records.map { (1, $0) })
        let timeline = Records.rendered(records.map { (1, $0) }, TimelineRenderer(names: Records.names)).text
        let comment = timeline.trimmingEnd
        #expect(
            packets == [
                Packet(
                    interface: "eth2", linkType: .ip, direction: .unknown, time: Self.start, bytes: Self.ip,
                    wireLength: Self.ip.count + 1000, comments: [comment]),
                Packet(
                    interface: "eth3", linkType: .ethernet, direction: .outbound, time: Self.start + 4000,
                    bytes: Self.link + Self.ip, wireLength: Self.link.count + Self.ip.count + 1000,
                    comments: [comment]),
            ])
        #expect(comment.contains("= transmitted on eth3, 5.000 µs"))
    }

    /// The packet that dies first began last.
    @Test func timesNeverGoBack() throws {
        let packets = try Self.packets([
            (1, Self.event(1, at: 10, device: 2, Self.link + Self.ip)),
            (2, Self.event(1, at: 20, device: 2, Self.link + Self.ip)), (2, Records.event(3, at: 30)),
            (1, Records.event(3, at: 40)),
        ])
        #expect(packets.map(\.time) == [Self.start + 10, Self.start + 20])
    }

    /// Without a link header only IP can be told, and packets without bytes or device leave no trace.
    @Test func packetsWithoutAForm() throws {
        let packets = try Self.packets([
            (1, Self.event(0, at: 0, device: 2, [0, 1, 8, 0], startsAtLink: false)), (1, Records.event(3, at: 1)),
            (2, Self.event(0, at: 2, device: 0, Self.link + Self.ip)), (2, Records.event(3, at: 3)),
            (3, Records.event(0, at: 4)), (3, Records.event(3, at: 5)),
        ])
        #expect(packets.isEmpty)
    }

    @Test func theQueueIsBounded() {
        var queue = PacketQueue(limit: 100_000)
        let record = Self.event(1, at: 0, device: 1, Self.link + Self.ip).bytes
        guard let event = EventView(record.span.bytes), var image = PacketImage(event, direction: .unknown) else {
            Issue.record("the event has no packet")
            return
        }
        image.bytes = [UInt8](repeating: 0, count: 900)
        var passed: [UInt64] = []
        var waiting = 0
        for number in 0..<1000 {
            // Neighbours change places.
            image.time = UInt64(number ^ 7)
            queue.append(image, comment: "")
            queue.release { packet, _ in passed.append(packet.time) }
            waiting = max(waiting, number + 1 - passed.count)
        }
        #expect(waiting < 112)
        queue.releaseAll { packet, _ in passed.append(packet.time) }
        #expect(passed == Array(0..<1000))
    }
}

extension String {
    fileprivate var trimmingEnd: String {
        var text = self
        while text.last == "\n" { text.removeLast() }
        return text
    }
}
