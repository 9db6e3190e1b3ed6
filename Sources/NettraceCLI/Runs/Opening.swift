import KernelAccess
import Text

/// Something attached whose programs record nothing until its gate is open.
protocol Gated: ~Copyable {
    mutating func openGate()
}

extension TraceSession: Gated {}
extension DropCounting: Gated {}
extension ConnectionWatch: Gated {}

/// The opening of a run, the same for all: from what is attached to the open gate.
struct Opening {
    /// Notes on filters and tracers.
    var filterNotes: [String] = []
    let privileges: PrivilegeNotes
    let readyFile: ReadyFile?

    /// Privileges that suffice to trace.
    static func requirePrivileges() throws -> Privileges {
        let privileges = Privileges.current()
        guard privileges.suffice else { throw RunError("cannot trace: " + privileges.explanation) }
        return privileges
    }

    /// Reports what is attached, gives up privileges, and opens the gate.
    ///
    /// - Parameters:
    ///   - activity: what begins now: tracing or counting; nil: no message says so.
    ///   - report: prints what is attached, after free memory was returned to the kernel.
    ///   - prepare: does what must be done without the privileges, but before the first event.
    /// - Returns: the error if the ready file cannot be created: events are counted from here on, so the caller reports it
    ///   after the account.
    func begin<Session: Gated & ~Copyable>(
        _ session: inout Session, _ activity: StaticString?, report: (inout OutputSink) throws -> Void,
        prepare: () -> Void = {}
    ) throws -> (any Error)? {
        var messages = OutputSink.messages
        ProcessSetup.returnFreeMemory()
        try report(&messages)
        for note in filterNotes { messages.write("note: \(note)\n") }
        privileges.write(to: &messages)
        privileges.giveUpPrivileges(&messages)
        prepare()
        session.openGate()
        if let activity { messages.write("begin \(activity)......\n") }
        do { try readyFile?.create() } catch { return error }
        return nil
    }

    /// Removes the ready file.
    func end() { readyFile?.remove() }
}
