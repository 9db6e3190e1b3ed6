import CNettraceBPF
import Rendering
import Testing

/// Frames that XDP has lost, in words.
@Suite struct FrameTests {
    private func record(_ change: (inout nt_frame) -> Void) -> EventRecord {
        var frame = nt_frame()
        frame.program.id = 31
        frame.program.tag = UInt64(0x0011_2233_4455_6677).bigEndian
        withUnsafeMutableBytes(of: &frame.program.name) { $0.copyBytes(from: "steer".utf8) }
        (frame.flags, frame.lost) = (UInt32(NT_FRAME_PROGRAM), 1)
        change(&frame)
        return EventRecord(
            skb: 77, flags: UInt32(NT_EVENT_DROP), etherType: 0, length: 0,
            device: (4_026_531_840, 5, Array("eth0".utf8)),
            frame: frame)
    }

    @Test func anExceptionNamesProgramAndDevice() {
        let failed = record { _ in }
        #expect(line(failed).hasSuffix("]: steer (id 31): XDP_ABORTED on eth0 *drop*"))
        let text = json(failed)
        #expect(
            text.contains(
                #""program":{"id":31,"name":"steer","type":"xdp","tag":"0011223344556677"},"verdict":"XDP_ABORTED","#
                    + #""frame":{"lost":1}"#))
        #expect(!text.contains("\"skb\"") && !text.contains("\"len\""))
    }

    @Test func aNumberThatIsNoVerdictStaysOne() {
        #expect(line(record { $0.verdict = 7 }).contains("steer (id 31): 7 on eth0"))
        #expect(json(record { $0.verdict = 7 }).contains(#""verdict":"7""#))
    }

    @Test func aRedirectNamesTargetAndError() {
        func redirect(_ map: UInt32) -> EventRecord {
            record {
                ($0.verdict, $0.error, $0.map, $0.target) = (4, -22, map, 9)
                $0.flags |= UInt32(NT_FRAME_TARGET)
            }
        }
        #expect(line(redirect(0)).contains("XDP_REDIRECT to ifindex 9 failed: -EINVAL, on eth0"))
        #expect(line(redirect(12)).contains("XDP_REDIRECT to map 12 key 9 failed: -EINVAL, on eth0"))
        #expect(json(redirect(12)).contains(#""frame":{"lost":1,"error":"-EINVAL","map":12,"key":9}"#))
        #expect(json(redirect(0)).contains(#""frame":{"lost":1,"error":"-EINVAL","ifindex":9}"#))
    }

    @Test func severalFramesAreCounted() {
        let refused = record { ($0.verdict, $0.error, $0.lost, $0.flags) = (3, -6, 16, 0) }
        #expect(line(refused).hasSuffix("]: XDP_TX failed: -ENXIO, on eth0, 16 frames *drop*"))
        #expect(!json(refused).contains("program"))
    }
}
