import DCompiler
import DLanguage
import DRuntime
import Glibc
import KernelAccess
import Text

/// Records of a D program → its output, until the program, its command or a signal ends the run.
struct DStream: ~Copyable {
    private var presenter: Presenter<SymbolNames>
    private var output: DOutput
    private var buffer = ByteBuffer(capacity: 16 << 10)
    private let end: DEnd
    private let waiting: Int32
    private var reported = DLosses()
    private let compiled: CompiledProgram
    private let account: DAccount.Form?
    private var nextReport = ContinuousClock.now + .seconds(1)

    init(_ prepared: DPreparation, sink: OutputSink, end: DEnd, account: DAccount.Form?, json: Bool) throws {
        compiled = prepared.compiled
        self.account = account
        presenter = Presenter(prepared.compiled, prepared.typed, SymbolNames(try KernelSymbols.ofKernel()))
        presenter.isJSON = json
        output = DOutput(sink)
        self.end = end
        waiting = Int32(max(1, min(prepared.typed.options.switchrate / 1_000_000, Self.longestWait)))
    }

    /// Milliseconds between two looks at the buffer, unless the program asks for more of them.
    private static let longestWait: UInt64 = 20

    /// Returns the exit code.
    consuming func run(_ running: consuming DSession) throws -> Int32 {
        var session = running
        if let failure = session.failure { throw failure }
        // BEGIN has fired, and may have ended the run.
        session.drain { record in presenter.present(record, session, to: &buffer) }
        try flush(session)
        while !isOver {
            try session.poll(milliseconds: waiting) { record in
                presenter.present(record, session, to: &buffer)
            }
            try flush(session)
            output.checkReader()
        }
        try session.close()
        session.drain { record in presenter.present(record, session, to: &buffer) }
        try flush(session)
        try session.fireEnd()
        session.drain { record in presenter.present(record, session, to: &buffer) }
        presenter.presentEnd(session, to: &buffer)
        try flush(session)
        reportLosses(session)
        try writeAccount(session)
        if let complaint = output.complaint { throw RunError(complaint) }
        return presenter.exitCode ?? 0
    }

    private var isOver: Bool {
        presenter.exitCode != nil || StopSignals.received || output.isClosed || end.isReached
    }

    /// Writes what has been printed, and fires the ERROR probe for clauses that failed.
    private mutating func flush(_ session: borrowing DSession) throws {
        let requests = presenter.takeRequests()
        for case .restart(let aggregation, let epoch) in requests.map(\.kind) {
            try session.restart(aggregation, epoch: epoch)
        }
        try output.write(&buffer, requests)
        var errors = OutputSink.standardError
        for error in presenter.takeErrors() {
            errors.write("dtrace: \(error.text)\n")
            try session.fireError(error)
        }
        // Reading the counters takes several system calls.
        if ContinuousClock.now >= nextReport {
            reportLosses(session)
            nextReport = .now + .seconds(1)
        }
    }

    /// Records and updates that did not fit, since the last report.
    private mutating func reportLosses(_ session: borrowing DSession) {
        let losses = session.losses()
        var errors = OutputSink.standardError
        for line in losses.lines(since: reported) { errors.write("dtrace: \(line)\n") }
        reported = losses
    }

    /// The last account, with the losses that were just reported.
    private mutating func writeAccount(_ session: borrowing DSession) throws {
        let account = DAccount(compiled, records: presenter.records, missed: session.missed(), reported)
        var errors = OutputSink.standardError
        for line in account.missedLines { errors.write("dtrace: \(line)\n") }
        switch self.account {
        case .text: for line in account.lines { errors.write("dtrace: \(line)\n") }
        case .json:
            account.writeJSON(to: &buffer)
            try output.write(&buffer, [])
        case nil: break
        }
    }
}

/// Names of addresses, "vmlinux`tcp_v4_rcv+0x10".
struct SymbolNames: AddressNames {
    private let symbols: KernelSymbols

    init(_ symbols: KernelSymbols) { self.symbols = symbols }

    func name(of address: UInt64) -> String {
        // "tcp_v4_rcv+0x10 [module]"
        let parts = symbols.describe(address).split(separator: " ", maxSplits: 1)
        guard let name = parts.first, !name.hasPrefix("0x") else { return "0x" + String(address, radix: 16) }
        let module = parts.count > 1 ? parts[1].filter { $0 != "[" && $0 != "]" } : "vmlinux"
        return module + "`" + name
    }
}
