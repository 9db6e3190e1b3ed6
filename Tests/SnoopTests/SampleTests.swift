import CaptureFiles
import FilterLanguage
import PacketAgreement
import Protocols
import Testing
import Text

@testable import Snoop

/// A packet as text.
func shown(
    _ bytes: [UInt8], _ options: DisplayOptions, _ names: SystemNames = SystemNames(), link: LinkType = .ethernet,
    wireLength: Int? = nil, time: Int64? = 0
) -> String {
    var options = options
    options.isUTC = true
    var printer = PacketText(options, names: names)
    var buffer = ByteBuffer()
    let span = bytes.span.bytes
    let packet = PacketView(span, wireLength: wireLength, time: time, linkType: link)
    let layers = PacketLayers(span, from: .first(ofLinkType: link.rawValue, span), length: packet.wireLength)
    printer.append(packet, bytes: PacketBytes(span), layers, number: 0, to: &buffer)
    return buffer.withUnsafeBytes { String(decoding: $0, as: UTF8.self) }
}

func options(_ change: (inout DisplayOptions) -> Void) -> DisplayOptions {
    var options = DisplayOptions()
    change(&options)
    return options
}

@Suite struct SampleTests {
    /// The frame of the founding document.
    private static let frame: [UInt8] = [
        0x08, 0x00, 0x69, 0x02, 0x31, 0x30, 0x08, 0x00, 0x69, 0x02, 0x0c, 0xa7, 0x08, 0x00, 0x45, 0x00, 0x00, 0x2c,
        0x18,
        0xf9, 0x00, 0x00, 0x3c, 0x06, 0x4f, 0x85, 0xc0, 0x1a, 0x4b, 0x0c, 0xc0, 0x1a, 0x4b, 0x0d, 0x03, 0xff, 0x03,
        0xfd,
        0x25, 0x65, 0x3e, 0x00, 0x00, 0x00, 0x00, 0x00, 0x60, 0x02, 0x40, 0x00, 0xd6, 0x76, 0x00, 0x00, 0x02, 0x04,
        0x05,
        0xb4, 0x00, 0x00, 0x00, 0x00, 0x00, 0x06, 0x00, 0x14, 0x7f, 0x00, 0x00, 0x01, 0x7f, 0x00, 0x00, 0x01, 0x00,
        0x6f,
        0x13, 0x49, 0x00, 0x00, 0x00, 0x00, 0x00, 0x00, 0x00, 0x00, 0x50, 0x00, 0x00, 0x00, 0x00, 0x00, 0x00, 0x00,
        0x00,
        0x00, 0x00, 0x00, 0xff, 0xeb,
    ]

    private static let names = SystemNames(
        hosts: """
            192.26.75.12 twilight.wpd.sgi.com twilight  # invented
            192.26.75.13 england.wpd.sgi.com
            """, services: "http 80/tcp www\n", ethers: "", rpc: "")

    /// 11:40:31.925 of a day.
    private static let time: Int64 = (11 * 3600 + 40 * 60 + 31) * 1_000_000_000 + 925_000_000

    /// The text of the founding document, but for the length, which its own dump contradicts.
    @Test func theDocumentsSample() {
        let text = shown(
            Self.frame,
            options {
                $0.detail = .more
                $0.dumpsData = true
            }, Self.names, time: Self.time)
        #expect(
            text == """
                0000: len 100 time 11:40:31.925
                   ether: src 8:0:69:2:c:a7/SGI dst 8:0:69:2:31:30/SGI
                      ip: len 44 id 6393 off 0
                          src twilight.wpd.sgi.com dst england.wpd.sgi.com
                     tcp: sport 1023 dport 1021
                          seq 627,392,000 ack 0 flags SYN
                          win 16,384 urp 0
                          maxseg 1460
                00058: 00 00 00 00 00 06                                ......
                00064: 00 14 7f 00 00 01 7f 00 00 01 00 6f 13 49 00 00  ...........o.I..
                00080: 00 00 00 00 00 00 50 00 00 00 00 00 00 00 00 00  ......P.........
                00096: 00 00 ff eb                                      ....

                """)
    }

    @Test func briefTextHasTheInterestingFields() {
        let text = shown(Self.frame, DisplayOptions(), Self.names, time: 1_000)
        #expect(
            text == """
                0000: len 100 time 00:00:00.000001
                   ether: src 8:0:69:2:c:a7/SGI dst 8:0:69:2:31:30/SGI
                      ip: src twilight.wpd.sgi.com dst england.wpd.sgi.com
                     tcp: sport 1023 dport 1021
                          seq 627,392,000 ack 0 flags SYN

                """)
    }

    /// `-h`, `-n`, `-d`.
    @Test func headersAreDumpedOrHidden() {
        let dumped = shown(
            Self.frame,
            options {
                $0.dumped = ["tcp"]
                $0.hidden = ["ether"]
            })
        #expect(
            dumped == """
                0000: len 100 time 00:00:00.000
                      ip: src 192.26.75.12 dst 192.26.75.13
                     tcp:
                00034: 03 ff 03 fd 25 65 3e 00 00 00 00 00 60 02        ....%e>.....`.
                00048: 40 00 d6 76 00 00 02 04 05 b4                    @..v......

                """)
        let whole = shown(Self.frame, options { $0.dumpsPackets = true })
        #expect(whole.split(separator: "\n").count == 8)
        #expect(whole.contains("\n00000: 08 00 69 02 31 30 08 00 69 02 0c a7 08 00 45 00  ..i.10..i.....E.\n"))
    }

    @Test func optionsOfProtocolsHideNames() throws {
        var protocols = ProtocolOptions()
        try protocols.set("ip.nohostname ether.novendor,tcp.noportname")
        let text = shown(Self.frame, options { $0.protocols = protocols }, Self.names)
        #expect(text.contains("ether: src 8:0:69:2:c:a7 dst") && text.contains("ip: src 192.26.75.12 dst"))
        #expect(protocols.asksServers == nil)
        try protocols.set("ip.hostresorder=files:dns")
        #expect(protocols.asksServers == true)
        try protocols.set("ip.hostresorder=local")
        #expect(protocols.asksServers == false)
        #expect(throws: ProtocolOptions.InvalidOption.self) { try protocols.set("ip.hostresorder=nis") }
        #expect(throws: ProtocolOptions.InvalidOption.self) { try protocols.set("ip.nosuch") }
        #expect(throws: ProtocolOptions.InvalidOption.self) { try protocols.set("ip.netmask=wide") }
        #expect(throws: ProtocolOptions.InvalidOption.self) { try protocols.set("nohostname") }
    }

    @Test func cutPacketsSaySo() {
        let text = shown(Array(Self.frame.prefix(43)), options { $0.detail = .more }, wireLength: 100)
        #expect(text.hasPrefix("0000: len 100 captured 43 time"))
        #expect(text.contains("seq 627,392,000 ack [truncated] flags [truncated]"))
    }
}

@Suite struct CoverageTests {
    /// With -vvvx, each byte of a packet belongs to a header that is shown, or to the dump.
    @Test func everyByteIsDecodedOrDumped() {
        let all = options {
            $0.detail = .all
            $0.dumpsData = true
        }
        for packet in PacketCorpus.all {
            guard case .link(let number) = packet.first else { continue }
            for count in stride(from: packet.bytes.count, through: 0, by: -29) {
                let bytes = Array(packet.bytes.prefix(count))
                let text = shown(bytes, all, link: LinkType(rawValue: number), wireLength: packet.bytes.count)
                let layers = PacketLayers(bytes.span.bytes, from: packet.first, length: packet.bytes.count)
                let dumped = text.split(separator: "\n").filter {
                    $0.prefix(5).allSatisfy(\.isNumber) && $0.hasPrefix("0") && !$0.contains("len")
                }
                .reduce(0) { $0 + $1.dropFirst(7).prefix(48).split(separator: " ").count }
                let decoded = layers.layers.reduce(0) { sum, layer in
                    sum + min(layer.headerLength ?? .max, count - layer.start)
                }
                #expect(decoded + dumped == count, "\(packet), \(count) bytes\n\(text)")
                for layer in layers.layers { #expect(text.contains("\(layer.kind.name):")) }
            }
        }
    }

    /// No packet makes a line too long, or prints a byte that acts on a terminal.
    @Test func hostilePacketsPrintText() {
        let all = options {
            $0.detail = .all
            $0.dumpsData = true
        }
        var state: UInt64 = 15
        func next() -> UInt64 {
            state = state &* 6_364_136_223_846_793_005 &+ 1_442_695_040_888_963_407
            return state >> 33
        }
        for round in 0..<500 {
            let packet = PacketCorpus.all[round % PacketCorpus.all.count]
            var bytes = packet.bytes
            for _ in 0...next() % 6 { bytes[Int(next() % UInt64(bytes.count))] = UInt8(truncatingIfNeeded: next()) }
            if next() % 3 == 0 { bytes.removeLast(Int(next() % UInt64(bytes.count))) }
            let text = shown(bytes, all, link: [.ethernet, .ip, .linuxSLL, .loop][Int(next() % 4)])
            #expect(text.utf8.allSatisfy { $0 >= 0x20 && $0 < 0x7f || $0 == 0x0a })
        }
    }
}
