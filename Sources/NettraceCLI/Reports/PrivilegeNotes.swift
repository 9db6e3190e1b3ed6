import KernelAccess
import Text

/// Collects what a run cannot do for lack of privileges, and which privileges it gives up when everything is attached.
struct PrivilegeNotes {
    /// One sentence each: effect, reason, remedy.
    private(set) var notes: [String] = []
    private var stillNeeded: CapabilitySet = []
    private let asksTools: Bool

    init(_ options: TraceOptions, _ privileges: Privileges, hidesAddresses: Bool) {
        self.init(
            privileges.held, hidesAddresses: hidesAddresses,
            showsSockets: options.namesSockets,
            findsCulprits: options.diagnosisSetup?.asksThisMachine == true, hasReadyFile: options.readyFile != nil)
    }

    init(
        _ held: CapabilitySet, hidesAddresses: Bool, showsSockets: Bool, findsCulprits: Bool, hasReadyFile: Bool,
        runsPrograms: Bool = false
    ) {
        asksTools = findsCulprits
        if hidesAddresses {
            let consequence = "no function is traced, and places are shown as numbers"
            let missing = CapabilitySet.symbols.missing(from: held)
            if missing.isEmpty {
                notes.append(
                    "\(consequence): kernel.kptr_restrict=2 hides the kernel's addresses from everybody; "
                        + "set it to 1 for the time of the trace (sysctl kernel.kptr_restrict=1)")
            } else {
                note(consequence, lacking: missing)
            }
        }
        if showsSockets { need(.socketOwners, held, without: "sockets of other users' processes have no owner here") }
        if findsCulprits { need(.culprits, held, without: "not every rule, route or setting to blame can be found") }
        // BPF_PROG_TEST_RUN.
        if runsPrograms { stillNeeded.formUnion(.tracing) }
        // The file is created and removed in a directory that may belong to another user.
        if hasReadyFile { stillNeeded.insert(.dacOverride) }
    }

    private mutating func need(_ wanted: CapabilitySet, _ held: CapabilitySet, without consequence: String) {
        stillNeeded.formUnion(wanted)
        let missing = wanted.missing(from: held)
        if !missing.isEmpty { note(consequence, lacking: missing) }
    }

    private mutating func note(_ consequence: String, lacking missing: CapabilitySet) {
        notes.append("\(consequence), for want of \(missing.names.joined(separator: ", ")); \(missing.remedy)")
    }

    func write(to sink: inout OutputSink) {
        for note in notes { sink.write("note: \(note)\n") }
    }

    /// Keeps only the privileges that the rest of the run needs.
    func giveUpPrivileges(_ sink: inout OutputSink) {
        do {
            _ = try Privileges.reduce(to: stillNeeded, forTools: asksTools)
        } catch {
            sink.write("note: \(error)\n")
        }
    }
}

extension CapabilitySet {
    /// Advice how to get these capabilities, together with those that tracing always needs.
    var remedy: String {
        let words = union(.tracing).union(.symbols).names.map { $0.lowercased() }.joined(separator: ",")
        return "run it as root, or give the file these capabilities (setcap \(words)+ep)"
    }
}
