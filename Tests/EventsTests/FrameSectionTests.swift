import CNettraceBPF
import Events
import Testing

private struct Facts: Equatable {
    var program: UInt32?
    var verdict: UInt32
    var error: Int32?
    var redirect: RunRedirect?
}

private func facts(cut: Int = 0, _ change: (inout nt_frame) -> Void = { _ in }) -> Facts? {
    var head = nt_event()
    head.sections = UInt16(NT_SECTION_DEVICE | NT_SECTION_FRAME)
    var frame = nt_frame()
    change(&frame)
    let bytes =
        withUnsafeBytes(of: head) { Array($0) } + withUnsafeBytes(of: nt_device()) { Array($0) }
        + withUnsafeBytes(of: frame) { Array($0) }
    let record = Array(bytes.dropLast(cut))
    guard let event = EventView(record.span.bytes), event.isOfFrames, let section = event.frame else { return nil }
    return Facts(
        program: section.program, verdict: section.verdict, error: section.error, redirect: section.redirect)
}

@Suite struct FrameSectionTests {
    @Test func factsThatAreNotKnownAreNil() {
        #expect(facts { $0.verdict = 3 } == Facts(program: nil, verdict: 3, error: nil, redirect: nil))
        let full = facts {
            $0.flags = UInt32(NT_FRAME_PROGRAM | NT_FRAME_TARGET)
            ($0.program.id, $0.error, $0.map, $0.target) = (7, -22, 12, 3)
        }
        #expect(full == Facts(program: 7, verdict: 0, error: -22, redirect: .map(id: 12, key: 3)))
    }

    @Test func oneThatIsCutIsNone() { #expect(facts(cut: 1) == nil) }
}
