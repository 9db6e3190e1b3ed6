import KernelAccess
import Testing

@testable import NettraceCLI

@Suite struct PrivilegeNotesTests {
    private func notes(_ held: CapabilitySet, hidden: Bool = false, sockets: Bool = false, diag: Bool = false)
        -> [String]
    {
        PrivilegeNotes(
            held, hidesAddresses: hidden, showsSockets: sockets, findsCulprits: diag, hasReadyFile: false
        ).notes
    }

    @Test func whoHasEverythingIsToldNothing() {
        let all = CapabilitySet(rawValue: .max)
        #expect(notes(all, sockets: true, diag: true).isEmpty)
        #expect(notes(.tracing).isEmpty)
    }

    @Test func whatIsMissingIsNamedWithTheRemedy() throws {
        let text = try #require(notes([.bpf, .perfmon], hidden: true).first)
        #expect(text.contains("for want of CAP_SYSLOG; run it as root, or give the file"))
        #expect(text.hasSuffix("(setcap cap_bpf,cap_perfmon,cap_syslog+ep)"))
        #expect(notes([.bpf, .perfmon, .sysPtrace], sockets: true).first?.contains("CAP_DAC_READ_SEARCH") == true)
        #expect(notes([.bpf, .perfmon], sockets: true, diag: true).count == 2)
    }

    @Test func whoHasTheCapabilityIsToldOfTheSysctl() throws {
        let text = try #require(notes(CapabilitySet(rawValue: .max), hidden: true).first)
        #expect(text.contains("kernel.kptr_restrict=2") && !text.contains("CAP_"))
    }

    @Test func theOldCapabilityContainsTheNewOnes() {
        #expect(CapabilitySet.tracing.missing(from: .sysAdmin).isEmpty)
        #expect(CapabilitySet.tracing.missing(from: [.perfmon, .syslog]).names == ["CAP_BPF"])
        #expect(CapabilitySet.culprits.missing(from: .sysAdmin).contains(.netAdmin))
    }
}
