import Analysis
import CNettraceBPF
import CaptureFiles
import Events
import Foundation
import Pipeline
import Testing
import Text

@testable import Rendering

@Suite struct PcapNGTests {
    private typealias Records = ContextRecords

    private struct Packet {
        var interface: CaptureInterface
        var time: Int64?
        var bytes: [UInt8]
        var wireLength: Int
        var flags: UInt32?
        var number: UInt64?
        var comments: [String]
        var story: [String: Any]
    }

    private static let link: [UInt8] = [2, 0, 0, 0, 0, 1, 2, 0, 0, 0, 0, 2, 8, 0]
    private static let ip: [UInt8] = ipv4(1, echoRequest)
    /// The first event by the wall clock.
    private static let start: Int64 = 1_795_230_765_123_456_789

    private static func event(
        _ hook: UInt16, at time: UInt64, device: UInt32, _ bytes: [UInt8], startsAtLink: Bool = true,
        skb: UInt64 = 0xffff_8881_8f02_f900, flags: UInt32 = 0, tag: UInt16? = nil
    ) -> EventRecord {
        var record = Records.event(hook, at: time, skb: skb)
        var section = nt_payload()
        section.length = UInt32(bytes.count + 1000)
        section.flags = UInt16((startsAtLink ? NT_PAYLOAD_L2 : 0) | flags | (tag == nil ? 0 : NT_PAYLOAD_VLAN))
        section.vlan_proto = 0x8100
        section.vlan_tci = tag ?? 0
        record.payload = (section, bytes)
        if device > 0 { record.device = (7, device, Array("eth\(device)".utf8)) }
        return record
    }

    /// - Parameter pause: after this record nothing is read for as many nanoseconds.
    private static func packets(
        _ records: [(context: UInt64, EventRecord)], _ settings: PacketFileSettings = PacketFileSettings(),
        columns: OutputColumns = [], pause: (after: Int, until: UInt64)? = nil
    ) throws -> [Packet] {
        let origin = CaptureOrigin(
            application: "nettrace 1", kernel: "6.12", machine: "x86_64", commandLine: "-X", filter: "icmp")
        var stream = ContextStream(
            PcapNGRenderer(names: Records.names, columns: columns, origin: origin, settings: settings),
            releases: { _ in .never },
            rules: Records.rules, tracker: ContextTracker(limits: .init()))
        var buffer = ByteBuffer()
        for (index, (context, record)) in records.enumerated() {
            stream.accept(Records.withContext(context, record).span.bytes, into: &buffer)
            if let pause, pause.after == index { stream.advance(to: Records.start + pause.until, into: &buffer) }
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
            var story: Data?
            if let value = packet.options.first(OptionCode.story) { story = value.withUnsafeBytes { Data($0) } }
            let object = try story.map { try JSONSerialization.jsonObject(with: $0) }
            packets.append(
                Packet(
                    interface: reader.interfaces[packet.interface], time: packet.time,
                    bytes: packet.bytes.withUnsafeBytes { [UInt8]($0) }, wireLength: packet.wireLength,
                    flags: packet.options.number(OptionCode.packetFlags, as: UInt32.self),
                    number: packet.options.number(OptionCode.packetID, as: UInt64.self),
                    comments: packet.options.comments,
                    story: object as? [String: Any] ?? [:]))
        }
        #expect(reader.contents.application == "nettrace 1" && reader.contents.system == "Linux 6.12")
        return packets
    }

    @Test func fewerTexts() throws {
        let records = [
            (UInt64(1), Self.event(0, at: 0, device: 2, Self.link + Self.ip)), (1, Records.event(3, at: 2125)),
        ]
        let all = try Self.packets(records)
        var settings = PacketFileSettings(texts: .path)
        let path = try Self.packets(records, settings)
        #expect(path.count == 1 && path[0].story.isEmpty && !all[0].story.isEmpty)
        #expect(path[0].comments == all[0].comments.dropLast() && path[0].comments.count == 2)
        settings.texts = .none
        let none = try Self.packets(records, settings)
        #expect(none.count == 1 && none[0].comments.isEmpty && none[0].story.isEmpty)
        #expect(none[0].bytes == all[0].bytes && none[0].time == all[0].time && none[0].number == all[0].number)
    }

    @Test func onePacketPerDevice() throws {
        let records = [
            Self.event(0, at: 0, device: 2, Self.ip, startsAtLink: false),
            Self.event(5, at: 1000, device: 2, Self.ip, startsAtLink: false),
            Self.event(5, at: 2000, device: 0, Self.ip, startsAtLink: false),
            Self.event(5, at: 3000, device: 3, Self.ip, startsAtLink: false),
            Self.event(
                1, at: 4000, device: 3, Self.link + Self.ip, flags: NT_PAYLOAD_SUM_PENDING | NT_PAYLOAD_SEGMENTS),
            Records.event(3, at: 5000),
        ].map { (context: UInt64(1), $0) }
        let packets = try Self.packets(records)
        let timeline = Records.rendered(records, TimelineRenderer(names: Records.names)).text.trimmingEnd
        #expect(
            packets.map(\.interface.name) == ["eth2", "eth3"] && packets.map(\.interface.filter) == ["icmp", "icmp"])
        #expect(packets.map(\.interface.linkType) == [.ip, .ethernet])
        #expect(packets.map(\.time) == [Self.start, Self.start + 4000])
        #expect(packets.map(\.bytes) == [Self.ip, Self.link + Self.ip])
        #expect(packets.map(\.wireLength) == [Self.ip.count + 1000, Self.link.count + Self.ip.count + 1000])
        #expect(packets[1].flags == 2 | 1 << 2 | 1 << 9 | 1 << 11 && packets.map(\.number) == [1, 1])
        for packet in packets {
            #expect(packet.comments.last == timeline)
            #expect(packet.comments.first == "transmitted on eth3, 5.000 µs")
            #expect(packet.comments[1].hasPrefix("path: +0.000 ip_rcv eth2 → +1.000 "))
            #expect(packet.story["nettrace"] as? Int == 1)
            let context = packet.story["packet"] as? [String: Any]
            #expect((context?["end"] as? [String: Any])?["how"] as? String == "transmitted")
            #expect((context?["events"] as? [Any])?.count == 6)
        }
    }

    /// What an skb shows inside a device is left out if a copy of it passed the device's edge.
    @Test func copiesOfOnePacket() throws {
        let packets = try Self.packets([
            (1, Self.event(5, at: 0, device: 2, Self.ip, startsAtLink: false, skb: 0x77)),
            (1, Self.event(1, at: 10, device: 2, Self.link + Self.ip)),
            (1, Self.event(5, at: 15, device: 2, Self.link + Self.ip, skb: 0x99)), (1, Records.event(3, at: 20)),
        ])
        #expect(packets.map(\.time) == [Self.start + 10])
    }

    /// A copy whose origin is not known shows nothing but its end; a lost packet does so, too, and is not left out.
    @Test func endsOfPackets() throws {
        var loss = Records.drop(at: 10)
        loss.payload = Self.event(5, at: 0, device: 2, Self.link + Self.ip).payload
        loss.device = (7, 2, Array("eth2".utf8))
        let packets = try Self.packets([(1, Self.event(3, at: 0, device: 2, Self.link + Self.ip)), (2, loss)])
        #expect(packets.map(\.number) == [2])
    }

    /// The memory of a copy that TCP has sent is used for the next one.
    @Test func aPacketThatIsSentAgain() throws {
        let packets = try Self.packets([
            (1, Self.event(1, at: 0, device: 2, Self.link + Self.ip)),
            (1, Self.event(5, at: 5, device: 2, Self.link + Self.ip)),
            (1, Self.event(1, at: 300_000_000, device: 2, Self.link + Self.ip)), (1, Records.event(3, at: 300_000_010)),
        ])
        #expect(packets.map(\.time) == [Self.start, Self.start + 300_000_000])
    }

    @Test func everyHook() throws {
        let records = (0..<3).map { (UInt64(1), Self.event(5, at: $0 * 10, device: 2, Self.link + Self.ip)) }
        let packets = try Self.packets(
            records + [(1, Records.event(3, at: 90))], PacketFileSettings(showsEveryHook: true))
        #expect(packets.map(\.time) == [0, 10, 20].map { Self.start + $0 })
    }

    /// The packet that dies first began last.
    @Test func timesNeverGoBack() throws {
        let packets = try Self.packets([
            (1, Self.event(1, at: 10, device: 2, Self.link + Self.ip)),
            (2, Self.event(1, at: 20, device: 2, Self.link + Self.ip)), (2, Records.event(3, at: 30)),
            (1, Records.event(3, at: 40)),
        ])
        #expect(packets.map(\.time) == [Self.start + 10, Self.start + 20])
        #expect(packets.allSatisfy { $0.story["late_ns"] == nil })
    }

    /// A packet that is known after a later one has been written gets its time, and says so.
    @Test func aLatePacket() throws {
        let records = [
            (UInt64(1), Self.event(1, at: 10, device: 2, Self.link + Self.ip)),
            (2, Self.event(1, at: 20, device: 2, Self.link + Self.ip)), (2, Records.event(3, at: 30)),
            (1, Records.event(3, at: 2_000_000_000)),
        ]
        let packets = try Self.packets(records, PacketFileSettings(isLive: true), pause: (2, 1_000_000_000))
        #expect(packets.map(\.time) == [Self.start + 20, Self.start + 20] && packets.map(\.number) == [2, 1])
        #expect(packets[1].story["late_ns"] as? Int == 10)
        #expect(packets[1].comments.first?.contains("0.010 µs before the time shown") == true)
    }

    /// Ethernet and raw IP with the header of Linux cooked captures; a tag beside the packet is put back.
    @Test func oneLinkType() throws {
        let packets = try Self.packets(
            [
                (1, Self.event(1, at: 0, device: 2, Self.link + Self.ip, tag: 5)), (1, Records.event(3, at: 1)),
                (2, Self.event(5, at: 2, device: 3, Self.ip, startsAtLink: false)), (2, Records.event(3, at: 3)),
            ], PacketFileSettings(isCooked: true))
        let tagged: [UInt8] = [0x81, 0, 0, 0, 0, 0, 0, 2, 0, 1, 4, 6, 2, 0, 0, 0, 0, 2, 0, 0, 0, 5, 8, 0] + Self.ip
        let plain: [UInt8] = [8, 0, 0, 0, 0, 0, 0, 3, 0xff, 0xfe, 0, 0] + [UInt8](repeating: 0, count: 8) + Self.ip
        #expect(packets.map(\.bytes) == [tagged, plain])
        #expect(packets.map(\.interface.linkType) == [.linuxSLL2, .linuxSLL2])
        #expect(packets.map(\.wireLength) == [tagged.count + 1000, plain.count + 1000])
    }

    @Test func aShortSnapshot() throws {
        let packets = try Self.packets(
            [(1, Self.event(1, at: 0, device: 2, Self.link + Self.ip, tag: 5)), (1, Records.event(3, at: 1))],
            PacketFileSettings(limit: 15))
        #expect(packets.map(\.bytes) == [Array(Self.link[..<12]) + [0x81, 0, 0]])
        #expect(packets.map(\.wireLength) == [Self.link.count + 4 + Self.ip.count + 1000])
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

    /// Comments and JSON are cut to what an option can hold, and stay whole in form.
    @Test func aLongPath() throws {
        var records = (0..<2000).map { (UInt64(1), Self.event(5, at: UInt64($0), device: 2, Self.link + Self.ip)) }
        records.append((1, Records.event(3, at: 9999)))
        let packets = try Self.packets(records, columns: .all)
        #expect(packets.count == 1)
        let comment = try #require(packets[0].comments.last)
        #expect(comment.utf8.count <= OptionCode.longestValue && comment.contains("the lines in the middle do not fit"))
        #expect(comment.contains("= consumed") || comment.contains("= transmitted"))
        let context = try #require(packets[0].story["packet"] as? [String: Any])
        let events = try #require((context["events"] as? [Any])?.count)
        let omitted = context["omitted_events"] as? Int ?? 0
        #expect(omitted > 0 && events > 50)
        #expect(packets[0].comments.count < 20)
    }

    /// Events count as shown when their packet's last block is in the output, not while it waits for earlier ones.
    @Test func waitingPacketsAreNotShown() {
        let origin = CaptureOrigin(application: "", kernel: "", machine: "", commandLine: "")
        var stream = ContextStream(
            PcapNGRenderer(names: Records.names, origin: origin), releases: { _ in .never }, rules: Records.rules,
            tracker: ContextTracker(limits: .init()))
        var buffer = ByteBuffer()
        let ends: [(UInt64, EventRecord)] = [
            (1, Self.event(0, at: 0, device: 2, Self.link + Self.ip)),
            (1, Self.event(0, at: 1, device: 3, Self.link + Self.ip)), (1, Records.event(3, at: 2)),
            // Without bytes: it has no block, and waits for nothing.
            (2, Records.event(0, at: 3)), (2, Records.event(3, at: 4)),
        ]
        for (context, record) in ends {
            stream.accept(Records.withContext(context, record).span.bytes, into: &buffer)
        }
        stream.advance(to: Records.start + 5_000_000_000, into: &buffer)
        #expect(stream.account.shownEvents == 5 && stream.waitingEvents == 3)
        stream.advance(to: Records.start + 20_000_000_000, into: &buffer)
        #expect(stream.account.shownEvents == 5 && stream.waitingEvents == 0)
    }

    @Test func theQueueIsBounded() {
        let queue = PacketQueue(limit: 100_000)
        let block = [UInt8](repeating: 7, count: 900)
        var output = ByteBuffer()
        var waiting = 0
        for number in 0..<1000 {
            // Neighbours change places.
            queue.append(at: Int64(number ^ 7)) { buffer in
                buffer.append(UInt64(number ^ 7), size: 8)
                buffer.append(block.span.bytes)
            }
            queue.releaseExcess(into: &output)
            waiting = max(waiting, number + 1 - output.count / 908)
        }
        #expect(waiting < 112)
        queue.release(until: .max, into: &output)
        let times = output.withUnsafeBytes { bytes in
            stride(from: 0, to: bytes.count, by: 908).map { bytes.loadUnaligned(fromByteOffset: $0, as: UInt64.self) }
        }
        #expect(times == Array(0..<1000))
    }
}

extension String {
    fileprivate var trimmingEnd: String {
        var text = self
        while text.last == "\n" { text.removeLast() }
        return text
    }
}
