import Testing

@testable import NettraceCLI

@Suite struct ConntrackNotesTests {
    @Test func onlyWhatIsMissingIsSaid() {
        #expect(ConntrackNotes.notes(isLoaded: true, hasTypes: true).isEmpty)
        let unloaded = ConntrackNotes.notes(isLoaded: false, hasTypes: true)
        #expect(unloaded.count == 1 && unloaded[0].contains("not loaded") && !unloaded[0].contains("BTF"))
        let unknown = ConntrackNotes.notes(isLoaded: true, hasTypes: false)
        #expect(unknown.count == 1 && unknown[0].contains("no type information") && !unknown[0].contains("not loaded"))
        let neither = ConntrackNotes.notes(isLoaded: false, hasTypes: false)
        #expect(neither.count == 1 && neither[0].contains("modprobe nf_conntrack"))
    }
}
