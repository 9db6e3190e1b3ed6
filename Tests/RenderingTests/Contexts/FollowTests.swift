import Analysis
import Events
import Rendering
import Testing
import Text

@Suite struct FollowTests {
    @Test func eachPacketKeepsItsNumber() {
        #expect(
            lines([77, 1 << 60, 77, 0])
                == ["    #1 ", "    #2 ", "    #1 ", "    #- "].map {
                    $0 + "463697.331957: [ip_rcv]: ICMP: 10.0.0.1 -> 10.0.0.2, ping request , seq: 7\n"
                }.joined())
    }

    @Test func numbersAreAligned() {
        let text = lines(Array(1...10)).split(separator: "\n")
        #expect(text.map { $0.prefix(7) } == (1...9).map { "    #\($0) " } + ["   #10 "])
    }

    @Test func packetsThatFollowEachOtherHaveDifferentColours() {
        let text = lines([5, 6], coloured: true).split(separator: "\n")
        #expect(text[0].hasPrefix("    \u{1b}[1;33m#1\u{1b}[0m 463697"))
        #expect(text[1].hasPrefix("    \u{1b}[1;34m#2\u{1b}[0m 463697"))
    }

    private func lines(_ contexts: [UInt64], coloured: Bool = false) -> String {
        var renderer = FollowRenderer(names: ContextRecords.names, tracerWidth: 0, coloured: coloured)
        var buffer = ByteBuffer()
        for context in contexts {
            let bytes = ContextRecords.withContext(context, ContextRecords.event(0, at: 0))
            if let event = EventView(bytes.span.bytes) { renderer.render(event, into: &buffer) }
        }
        return text(buffer)
    }
}
