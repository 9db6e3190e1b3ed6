import Analysis
import CNettraceBPF
import Diagnosis
import Events
import Rendering
import Testing
import Text

@Suite struct DropTableTests {
    static var names: NameTable {
        NameTable(
            hooks: [], dropReasons: [3: "SKB_DROP_REASON_NO_SOCKET", 13: "SKB_DROP_REASON_OTHERHOST"],
            symbolize: { [0x1000: "udp_unicast_rcv_skb.isra.0+0x75", 0x2000: "ip_rcv_core+0x10 [mod]"][$0] },
            dropNotes: DropNotes(
                normalEnds: { (try? CauseCatalog.embedded()).map { NormalEnds($0) } },
                groupOf: { ["udp_unicast_rcv_skb": "udp-in"][$0] }))
    }

    static func key(
        reason: UInt32 = 3, location: UInt64 = 0x1000, device: String = "eth0",
        change: (inout nt_drop_key) -> Void = { _ in }
    ) -> DropKey {
        var raw = nt_drop_key()
        raw.reason = reason
        raw.location = location
        withUnsafeMutableBytes(of: &raw.ifname) { $0.copyBytes(from: device.utf8.prefix(16)) }
        change(&raw)
        return withUnsafeBytes(of: raw) { DropKey($0.bytes)! }
    }

    static func block(_ rows: [(DropKey, UInt64)], other: UInt64 = 0, seconds: Double = 1) -> DropBlock {
        var ledger = DropLedger()
        for (key, packets) in rows { ledger.add(DropSum(packets: packets, bytes: packets * 100), to: key) }
        ledger.addOther(DropSum(packets: other, bytes: other * 100))
        return ledger.closeInterval(seconds: seconds)
    }

    /// 2026-11-21 00:00:00 UTC; tests cut off the date, which is local.
    static let time: Int64 = 1_795_219_200_000_000_000

    private func lines(
        _ block: DropBlock, by dimensions: [DropDimension] = [.reason, .location, .device],
        room: DropTable.Room = .init(), repaints: Bool = false, coloured: Bool = false
    ) -> [String] {
        var buffer = ByteBuffer()
        var table = DropTable(names: Self.names, dimensions: dimensions, coloured: coloured)
        table.render(block, at: Self.time, in: room, repaints: repaints, into: &buffer)
        return text(buffer).split(separator: "\n", omittingEmptySubsequences: false).map(String.init)
    }

    @Test func rowsAreAligned() {
        let block = Self.block([
            (Self.key(), 1200), (Self.key(reason: 13, location: 0x2000, device: "veth12345"), 40),
        ])
        let found = lines(block)
        #expect(found[0].dropFirst(19) == "  1.0 s: 1240 drops, 1240.0/s, 124000 bytes; 1240 since the start")
        #expect(
            found[1...] == [
                "     COUNT       PER S SINCE START  REASON              LOCATION                                  DEVICE",
                "      1200      1200.0        1200  NO_SOCKET           udp_unicast_rcv_skb.isra.0+0x75 (udp-in)  eth0",
                "        40        40.0          40  OTHERHOST (normal)  ip_rcv_core+0x10 [mod]                    veth12345",
                "", "",
            ])
    }

    @Test func columnsComeInTheOrderAskedFor() {
        let key = Self.key { raw in
            raw.protocol = 0x0800
            raw.l4 = 17
            withUnsafeMutableBytes(of: &raw.saddr) { $0.copyBytes(from: [10, 0, 0, 1]) }
            raw.dport = UInt16(9).bigEndian
            raw.netns = 77
        }
        let found = lines(Self.block([(key, 1)]), by: [.dport, .saddr, .proto, .netns, .sport])
        #expect(found[1].hasSuffix("  DPORT  SADDR     PROTO   NETNS  SPORT"))
        #expect(found[2].hasSuffix("  9      10.0.0.1  ip/udp  77     -"))
    }

    @Test func whatAPacketDoesNotHaveIsADash() {
        let key = Self.key(location: 0, device: "") { $0.protocol = 0x0806 }
        let found = lines(Self.block([(key, 1)]), by: [.location, .device, .saddr, .daddr, .sport, .netns, .proto])
        #expect(found[2].hasSuffix("  -         -       -      -      -      -      ARP"))
    }

    @Test func ipv6() {
        let key = Self.key { raw in
            raw.protocol = 0x86dd
            raw.l4 = 58
            withUnsafeMutableBytes(of: &raw.daddr) {
                $0.copyBytes(from: [0xfd, 9] + [UInt8](repeating: 0, count: 13) + [1])
            }
        }
        #expect(lines(Self.block([(key, 1)]), by: [.daddr, .proto])[2].hasSuffix("  fd09::1  ipv6/icmp6"))
    }

    /// The lines of a table add up to its heading.
    @Test func theRestIsCounted() {
        let rows = (1...30).map { (Self.key(device: "d\($0)"), UInt64($0)) }
        let found = lines(Self.block(rows, other: 7, seconds: 2), room: .init(rows: 3))
        #expect(found[0].contains(" 472 drops, 236.0/s, 47200 bytes"))
        #expect(found[2...4].map { $0.prefix(10).filter { $0 != " " } } == ["30", "29", "28"])
        #expect(found[5] == "       378       189.0         378  27 more rows")
        #expect(found[6] == "         7         3.5           -  other rows, for which the table had no room")
        #expect(lines(Self.block(Array(rows.prefix(4))), room: .init(rows: 3))[5].hasSuffix("  1 more row"))
    }

    @Test func longCellsGiveWay() {
        let key = Self.key(device: "a-device-name-15") {
            $0.protocol = 0x0800
            $0.l4 = 17
        }
        let found = lines(Self.block([(key, 1)]), by: [.reason, .location, .device, .saddr, .netns, .dport, .proto])
        #expect(found[2].count == 120)
        #expect(found[2].contains("  NO_SOCKET  udp_unicast_rcv_skb.isr…  a-device-name-15  0.0.0.0  -"))
    }

    /// In a pipe, a line is long rather than meaningless; on a terminal, a line is cut rather than wrapped.
    @Test func linesOfTerminalsAreCut() {
        let block = Self.block([(Self.key(device: "a-device-name-15"), 1)])
        #expect(
            lines(block, room: .init(width: 60))[2].hasSuffix("  NO_SOCKET  udp_unicast_rcv_skb.isr…  a-device-name-…"))
        for width in [120, 80, 60, 47, 46, 36, 35, 34, 1] {
            let room = DropTable.Room(width: width, isStrict: true)
            for line in lines(block, room: room)[1...2] { #expect(line.count <= max(width, 34)) }
        }
    }

    @Test func namesCannotSteerTheTerminal() {
        let found = lines(Self.block([(Self.key(device: "\u{1b}[2Jx\n"), 1)]))
        #expect(found[2].hasSuffix("  \\x1b[2Jx\\x0a"))
        #expect(found.count == 5)
    }

    /// Starts at the upper left corner, and clears each line and the rest of the screen: no scrolling, no flicker.
    @Test func repainting() {
        let found = lines(Self.block([(Self.key(), 1)]), repaints: true)
        #expect(found[0].hasPrefix("\u{1b}[H"))
        #expect(found.dropLast().allSatisfy { $0.hasSuffix("\u{1b}[K") })
        #expect(found.last == "\u{1b}[J")
    }

    @Test func nothingDropped() {
        let found = lines(Self.block([]))
        #expect(found[0].hasSuffix("  1.0 s: 0 drops, 0.0/s, 0 bytes; 0 since the start"))
        #expect(found.count == 3)
    }

    @Test func normalRowsAreFaint() {
        let found = lines(Self.block([(Self.key(reason: 13), 2), (Self.key(), 1)]), coloured: true)
        #expect(found[2].hasPrefix("\u{1b}[2m") && found[2].hasSuffix("\u{1b}[0m"))
        #expect(!found[3].contains("\u{1b}"))
    }

    @Test func kernelsWithoutReasons() {
        var buffer = ByteBuffer()
        var table = DropTable(names: NameTable(hooks: []), dimensions: [.reason, .device])
        table.render(
            Self.block([(Self.key(reason: 0), 1)]), at: Self.time, in: .init(), repaints: false, into: &buffer)
        #expect(text(buffer).contains("  -       eth0\n"))
    }

    @Test(arguments: [0, -1, .infinity, .nan] as [Double])
    func strangeIntervals(seconds: Double) {
        #expect(lines(Self.block([(Self.key(), 1)], seconds: seconds))[0].contains(" s: 1 drop, "))
    }
}
