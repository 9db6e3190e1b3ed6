import ArgumentParser
import DCompiler
import DLanguage
import Glibc
import KernelAccess
import Synchronization

/// A run of `nettrace d`, from the request to the exit code.
struct DRun {
    private let request: DRequest
    private let readyFile: ReadyFile?

    init(_ request: DRequest) throws {
        self.request = request
        readyFile = try request.readyFile.map { try ReadyFile($0) }
    }

    func run() throws {
        var request = request
        let child = try request.command.map { try DChild($0) }
        defer { child?.end() }
        if let child { request.macros.numbers["target"] = Int64(child.process) }
        let prepared = try DPreparation(request)
        OutputSink.manners.withLock { $0.isQuiet = prepared.typed.options.quiet }
        if request.showsCode { Self.printCode(of: prepared.compiled) }
        guard !request.onlyCompiles else { return }
        let privileges = try Opening.requirePrivileges()
        StopSignals.install()
        let sink = try request.output.map { try OutputSink.appending(to: $0) } ?? .standardOutput
        var session = try DSession.start(prepared.compiled, verbose: request.verbose)
        if session.attached.isEmpty, let first = session.refused.first {
            throw RunError(
                "cannot attach to \(first.probe.title): \(first.error)"
                    + (session.refused.count > 1 ? ", nor to any of \(session.refused.count - 1) other probes" : ""))
        }
        let opening = opening(privileges, session.refused)
        let matches = Self.matches(request, prepared)
        let attached = session.attached
        let stream = try DStream(
            prepared, sink: sink, end: DEnd(child: child, process: request.process),
            account: request.json ? .json : request.verbose ? .text : nil, json: request.json)
        let failure = try opening.begin(&session, nil) { messages in
            for line in matches { messages.write(line) }
            if request.verbose { for title in attached { messages.write("attached \(title)\n") } }
        }
        defer { opening.end() }
        if let failure { throw failure }
        child?.start()
        let code = try stream.run(session)
        if code != 0 { throw ExitCode(code) }
    }

    private func opening(_ privileges: Privileges, _ refused: [(probe: Probe, error: String)]) -> Opening {
        Opening(
            filterNotes: refused.map { "cannot attach to \($0.probe.title): \($0.error)" },
            privileges: PrivilegeNotes(
                privileges.held, hidesAddresses: false, showsSockets: false, findsCulprits: false,
                hasReadyFile: readyFile != nil, runsPrograms: true),
            readyFile: readyFile)
    }

    /// How many probes each text has found, as DTrace says it.
    private static func matches(_ request: DRequest, _ prepared: DPreparation) -> [String] {
        zip(request.sources, prepared.matches).map { source, count in
            let name =
                source.kind == .file
                ? "script '\(source.name)'" : "description '\(String(decoding: source.text, as: UTF8.self))'"
            return "dtrace: \(name) matched \(count) probe\(count == 1 ? "" : "s")\n"
        }
    }

    private static func printCode(of program: CompiledProgram) {
        var errors = OutputSink.standardError
        for probe in program.probes {
            errors.write("\(probe.probe.title), record of \(probe.record.size) bytes:\n\(probe.listing)\n")
        }
    }
}
