import CNettraceBPF
import Events
import Testing

private func record(_ change: (inout nt_run) -> Void = { _ in }, cut: Int = 0) -> [UInt8] {
    var head = nt_event()
    head.sections = UInt16(NT_SECTION_RETURN | NT_SECTION_RUN)
    head.ts = 500
    var run = nt_run()
    (run.program.id, run.entered, run.len, run.front) = (7, 100, 60, -4)
    change(&run)
    let bytes =
        withUnsafeBytes(of: head) { Array($0) } + withUnsafeBytes(of: nt_return()) { Array($0) }
        + withUnsafeBytes(of: run) { Array($0) }
    return Array(bytes.dropLast(cut))
}

/// The facts of the section, as a value that a test can keep.
private struct Facts {
    var id: UInt32
    var length: UInt32
    var front: Int32?
    var redirect: RunRedirect?
    var mark: UInt32?
    var tagged: UInt16?
    var captured: Int
    var duration: UInt64
}

private func facts(_ bytes: [UInt8]) -> Facts? {
    guard let event = EventView(bytes.span.bytes), let run = event.run else { return nil }
    return Facts(
        id: run.id, length: run.length, front: run.front, redirect: run.redirect, mark: run.mark,
        tagged: run.vlanTag?.tci, captured: run.packet.byteCount, duration: event.runDuration)
}

@Suite struct RunSectionTests {
    @Test func itStandsBehindAllOthers() throws {
        let run = try #require(facts(record()))
        #expect(run.id == 7 && run.length == 60 && run.duration == 400)
    }

    @Test func factsThatAreNotKnownAreNil() throws {
        let bare = try #require(facts(record()))
        #expect(bare.front == nil && bare.redirect == nil && bare.mark == nil && bare.tagged == nil)
        #expect(bare.captured == 0)
        let full = try #require(
            facts(
                record {
                    $0.flags = UInt16(NT_RUN_FRONT | NT_RUN_TARGET | NT_RUN_MARK | NT_RUN_VLAN)
                    ($0.target, $0.mark, $0.vlan_tci) = (3, 9, 5)
                }))
        #expect(full.front == -4 && full.redirect == .device(ifindex: 3) && full.mark == 9 && full.tagged == 5)
    }

    @Test func aRedirectToAllOfAMapHasNoKey() {
        #expect(facts(record { $0.map = 12 })?.redirect == .map(id: 12, key: nil))
    }

    @Test func lengthsThatLieAreCut() {
        #expect(facts(record { $0.after.caplen = .max })?.captured == Int(NT_SNAPLEN))
        #expect(facts(record(cut: 1))?.id == nil)
    }
}
