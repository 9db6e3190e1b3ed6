import CNettraceBPF
import Rendering
import Testing

/// The bytes of packets, compared with the output of tcpdump 4.99.3 for the same frame.
@Suite struct PayloadTests {
    private static let http: [UInt8] =
        Array("GET / HTTP/1.1\r\nHost: x\r\rA\tB".utf8) + [0x80, 0, 0x7f] + Array("~\n\n\rend\r".utf8)

    /// UDP from 10.0.0.1 port 1000 to 10.0.0.2 port 2000.
    private static let frame: [UInt8] =
        [UInt8](repeating: 0xaa, count: 6) + [UInt8](repeating: 0xbb, count: 6) + [8, 0]
        + [0x45, 0, 0, 0x43, 0, 1, 0, 0, 64, 17, 0, 0, 10, 0, 0, 1, 10, 0, 0, 2]
        + [3, 0xe8, 7, 0xd0, 0, 0x2f, 0, 0] + http

    private func record(_ bytes: [UInt8] = frame, flags: UInt32 = NT_PAYLOAD_L2) -> EventRecord {
        var section = nt_payload()
        section.flags = UInt16(flags)
        section.length = UInt32(bytes.count)
        return EventRecord(payload: (section, bytes))
    }

    /// The lines below the event's own.
    private func dump(_ record: EventRecord, _ form: PayloadForm) -> [String] {
        var renderer = LineRenderer(names: makeNames(), tracerWidth: 0, payload: form)
        return rendered(record) { renderer.render($0, into: &$1) }.split(
            separator: "\n", omittingEmptySubsequences: false
        )
        .dropFirst().map(String.init)
    }

    @Test func hexAndTextIsTcpdumpsX() {
        #expect(
            dump(record(), PayloadForm(style: .hexAndText)) == [
                "\t0x0000:  4500 0043 0001 0000 4011 0000 0a00 0001  E..C....@.......",
                "\t0x0010:  0a00 0002 03e8 07d0 002f 0000 4745 5420  ........./..GET.",
                "\t0x0020:  2f20 4854 5450 2f31 2e31 0d0a 486f 7374  /.HTTP/1.1..Host",
                "\t0x0030:  3a20 780d 0d41 0942 8000 7f7e 0a0a 0d65  :.x..A.B...~...e",
                "\t0x0040:  6e64 0d                                  nd.",
            ])
    }

    @Test func hexFromTheLinkLayerOn() {
        let lines = dump(record(), PayloadForm(style: .hex, fromLink: true))
        #expect(lines.first == "\t0x0000:  aaaa aaaa aaaa bbbb bbbb bbbb 0800 4500")
        #expect(lines.last == "\t0x0050:  0d")
    }

    @Test func textKeepsLineEndsAndTabsAndNothingElse() {
        let lines = dump(record(), PayloadForm(style: .text))
        #expect(
            lines == ["E..C....@...", "...", "......../..GET / HTTP/1.1", "Host: x..A\tB...~", "", ".end"])
    }

    @Test func theLimitCountsFromTheFirstRecordedByte() {
        #expect(
            dump(record(), PayloadForm(style: .hexAndText, limit: 17)) == [
                "\t0x0000:  4500 00                                  E.."
            ])
        #expect(dump(record(), PayloadForm(style: .hex, limit: 14)) == [])
    }

    @Test func aPacketWithoutALinkLayerIsShownWhole() {
        #expect(
            dump(record([0x45, 0], flags: 0), PayloadForm(style: .hex, fromLink: true)) == ["\t0x0000:  4500"])
    }

    @Test func bytesThatTheKernelDoesNotShowAreReported() {
        let cut = record(Array(Self.frame.prefix(16)), flags: NT_PAYLOAD_L2 | NT_PAYLOAD_UNREADABLE)
        #expect(
            dump(cut, PayloadForm(style: .hex)) == [
                "\t0x0000:  4500", "\t(the kernel does not show the packet's bytes from 2 on)",
            ])
    }

    @Test func jsonHasTheBytesAndBothLengths() throws {
        var renderer = JSONRenderer(names: makeNames(), payload: PayloadForm(style: .hex, limit: 15))
        let text = rendered(record()) { renderer.render($0, into: &$1) }
        #expect(
            text.contains(
                #""payload":{"captured":15,"length":81,"start":"link","hex":"aaaaaaaaaaaabbbbbbbbbbbb080045"}"#))
        #expect(!json(record()).contains("payload"))
        let validator = try SchemaValidator()
        let cut = rendered(record([0x45], flags: NT_PAYLOAD_UNREADABLE)) { renderer.render($0, into: &$1) }
        #expect(validator.problems(text) == [] && validator.problems(cut) == [])
        #expect(cut.contains(#""start":"network","unreadable":true,"hex":"45""#))
    }

    /// Hostile bytes never reach the terminal.
    @Test(arguments: [PayloadForm.Style.hex, .hexAndText, .text])
    func onlyPrintableCharactersComeOut(style: PayloadForm.Style) {
        let text = dump(record(Array(0...255), flags: 0), PayloadForm(style: style)).joined(separator: "\n")
        #expect(text.utf8.allSatisfy { 0x20...0x7e ~= $0 || $0 == 9 || $0 == 10 })
    }

    @Test func aTimelineShowsBytesOnceAndWhenTheyChange() {
        func event(_ time: UInt64, _ change: (inout [UInt8]) -> Void = { _ in }) -> EventRecord {
            var bytes = Self.frame
            change(&bytes)
            var record = ContextRecords.event(0, at: time)
            record.payload = self.record(bytes).payload
            return record
        }
        let events = [event(0), event(1), event(2) { $0[0] = 1 }, event(3) { $0[22] = 63 }, event(4) { $0[22] = 63 }]
        func dumps(_ form: PayloadForm) -> Int {
            ContextRecords.rendered(
                events.map { (context: 1, $0) }, TimelineRenderer(names: ContextRecords.names, payload: form)
            )
            .text.split(separator: "\n").count { $0.contains("0x0000:") }
        }
        #expect(dumps(PayloadForm(style: .hex)) == 2)
        // The Ethernet address changes, and changes back together with the TTL.
        #expect(dumps(PayloadForm(style: .hex, fromLink: true)) == 3)
    }
}
