import Events
import Recording
import Testing

@testable import NettraceCLI

/// Recordings of other versions are read or refused, never misread.
@Suite struct RecordLayoutTests {
    private func header(_ parts: [RecordLayout.Part]) -> RecordingHeader {
        RecordingHeader(
            program: "0.9\u{1b}[31m", kernelRelease: "6.12", machine: "x86_64", commandLine: [], clockOffset: 0,
            layout: RecordLayout(parts), hooks: [], dropReasons: [:])
    }

    private func refusal(_ parts: [RecordLayout.Part]) -> String? {
        do {
            try RecordLayout.current.requireReadable(header(parts), called: "f.ntr")
            return nil
        } catch {
            return "\(error)"
        }
    }

    private var parts: [RecordLayout.Part] { RecordLayout.current.parts }

    /// The list is a promise to every file that exists: a new section is added at its end.
    @Test func theOrderOfTheKnownPartsIsFixed() {
        #expect(
            parts.map { "\($0.name) \($0.size)" } == [
                "nt_event 56", "nt_packet 128", "nt_device 24", "nt_task 24", "nt_meta 24", "nt_caller 8",
                "nt_stack 264", "nt_sock 48", "nt_return 16", "nt_sock_event 24", "nt_packet_more 64", "nt_run 216",
                "nt_ct 104", "nt_frame 72", "nt_payload 24",
            ])
        #expect(EventView.knownSections == parts.count - 1)
    }

    @Test(arguments: [1, 6, 13, 15])
    func olderRecordingsAreRead(count: Int) {
        #expect(refusal(Array(parts.prefix(count))) == nil)
        #expect(RecordLayout.current.bitsOfNewerSections(in: RecordLayout(Array(parts.prefix(count)))) == 0)
    }

    @Test func newerSectionsAreLeftOutWithANote() {
        let newer = parts + [.init(name: "nt_\u{1b}next", size: 8), .init(name: "nt_other", size: 16)]
        #expect(refusal(newer) == nil)
        #expect(RecordLayout.current.bitsOfNewerSections(in: RecordLayout(newer)) == 3 << 14)
        #expect(
            RecordLayout.current.noteOnNewerSections(header(newer), called: "f.ntr")
                == "f.ntr: recorded by nettrace 0.931m, whose records also hold what this version does not show: "
                + "nt_next, nt_other")
        #expect(RecordLayout.current.noteOnNewerSections(header(parts), called: "f.ntr") == nil)
    }

    @Test func aSectionThatWasInsertedOrHasGrownIsNamed() {
        var grown = parts
        grown[2].size = 32
        #expect(
            refusal(grown)
                == "f.ntr: recorded by nettrace 0.931m, whose records have another layout: nt_device of 32 bytes stands "
                + "where this version (0.1.0) has nt_device of 24; read it with that version")
        var inserted = parts
        inserted.insert(.init(name: "nt_new", size: 8), at: 5)
        #expect(refusal(inserted)?.contains("nt_new of 8 bytes stands where") == true)
        #expect(refusal([])?.contains("another layout") == true)
    }

    @Test func aSectionThatNobodyDescribesEndsTheReading() {
        #expect(
            "\(header(parts).error(onUnknown: 1 << 15, inRecord: 3, of: "f.ntr"))"
                == "f.ntr: record 3 has a section of bit 15, which nettrace 0.931m did not describe and this version (0.1.0) "
                + "does not know; reading ends there")
    }
}
