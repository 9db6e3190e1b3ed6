import DCompiler
import DLanguage
import DRuntime
import Glibc
import KernelAccess
import SystemPackage

/// The programs of a D program in the kernel.
struct DSession: ~Copyable {
    private var programs: GeneratedPrograms
    /// Numbers that `programs` gave, in the order of the compiled programs.
    private var numbers: [Int] = []
    private let compiled: CompiledProgram
    private let ticksPerSecond: UInt64
    /// Numbers of the programs that run on demand.
    private var begin: Int?
    private var end: Int?
    private var error: Int?
    /// Why BEGIN could not be fired.
    private(set) var failure: (any Error)?
    /// Those that are attached to a place.
    private var loaded: [(number: Int, site: GeneratedProgram.Site, probe: Probe)] = []
    /// Probes that the kernel refused to attach.
    private(set) var refused: [(probe: Probe, error: String)] = []
    /// Titles of those that are attached.
    private(set) var attached: [String] = []

    /// Loads and attaches everything; no probe fires yet.
    static func start(_ compiled: CompiledProgram, verbose: Bool) throws -> DSession {
        let programs = try GeneratedPrograms(maps: compiled.maps, ring: compiled.hasRecords ? MapNames.ring : nil)
        var session = DSession(compiled, programs)
        try session.setGate(.waiting)
        for (map, index, value) in compiled.contents { try session.programs.set(map, index: index, to: value) }
        for probe in compiled.probes { try session.load(probe, verbose: verbose) }
        for (number, site, probe) in session.loaded { session.attach(number, site, probe) }
        return session
    }

    private init(_ compiled: CompiledProgram, _ programs: consuming GeneratedPrograms) {
        self.compiled = compiled
        self.programs = programs
        // Read now: later the privileges for it are gone.
        ticksPerSecond = compiled.needsTicks ? KernelFacts.ticksPerSecond() : 1000
    }

    private mutating func load(_ probe: CompiledProbe, verbose: Bool) throws {
        let site = GeneratedProgram.Site(probe.members)
        let number: Int
        do throws(ProgramRefusal) {
            number = try programs.load(GeneratedProgram("d_\(probe.probe.number)", probe.code, at: site))
        } catch {
            throw DRefusal(error, probe.probe, verbose: verbose)
        }
        numbers.append(number)
        switch probe.probe.site {
        case .begin: begin = number
        case .end: end = number
        case .error: error = number
        default: loaded.append((number, site, probe.probe))
        }
    }

    private mutating func attach(_ number: Int, _ site: GeneratedProgram.Site, _ probe: Probe) {
        do throws(Errno) {
            try programs.attach(number, at: site)
            attached.append(probe.title)
        } catch {
            refused.append((probe, "\(error)"))
        }
    }

    /// Fires BEGIN, then lets the other probes fire, unless BEGIN has called exit().
    mutating func openGate() {
        do {
            // BEGIN opens the gate itself, unless it calls exit().
            if begin == nil { try setGate(.open) }
            try fire(begin)
        } catch {
            failure = error
        }
    }

    func fireEnd() throws { try fire(end) }

    func fireError(_ error: ClauseError) throws { try fire(self.error, error.arguments) }

    private func fire(_ program: Int?, _ arguments: [UInt64] = []) throws {
        guard let program else { return }
        do throws(Errno) {
            try programs.run(program, arguments: arguments)
        } catch {
            throw KernelError(
                "cannot run a program in the kernel", errno: error,
                remedy: "BEGIN, END and ERROR need Linux 5.10 (BPF_PROG_TEST_RUN of raw tracepoints)")
        }
    }

    /// No probe fires any more, and none is running.
    mutating func close() throws {
        try setGate(.exited)
        programs.detach()
    }

    private func setGate(_ gate: ProgramState.Gate) throws {
        try programs.set(
            MapNames.state,
            to: ProgramState.bytes(gate, wallClockOffset: clockOffset(), ticksPerSecond: ticksPerSecond))
    }

    /// Begins a new epoch of least and greatest values.
    func restart(_ aggregation: Int, epoch: Int64) throws {
        try programs.setWord(of: MapNames.epochs, aggregation, to: UInt64(bitPattern: epoch))
    }

    func poll(milliseconds: Int32, _ receive: (UnsafeRawBufferPointer) -> Void) throws {
        if compiled.hasRecords {
            try programs.poll(milliseconds: milliseconds, receive)
        } else {
            usleep(UInt32(milliseconds) * 1000)
        }
    }

    func drain(_ receive: (UnsafeRawBufferPointer) -> Void) { programs.drain(receive) }

    /// Firings that the kernel did not run, by program.
    func missed() -> [UInt64] { numbers.map { programs.missed($0) } }

    /// Losses so far.
    func losses() -> DLosses {
        var losses = DLosses()
        var cpus: [Int: Int] = [:]
        try? programs.forEachEntry(of: MapNames.losses) { key, value in
            let index = Int(key.withUnsafeBytes { $0.loadUnaligned(as: UInt32.self) })
            let cpu = cpus[index, default: 0]
            cpus[index] = cpu + 1
            losses.add(value.withUnsafeBytes { $0.loadUnaligned(as: UInt64.self) }, counter: index, cpu: cpu)
        }
        return losses
    }
}

extension DSession: Gated {}

extension DSession: AggregationSource {
    func forEachState(of map: String, _ body: (UnsafeRawBufferPointer, [Int64]) -> Void) {
        try? programs.forEachEntry(of: map) { key, value in
            let state = value.withUnsafeBytes { bytes in
                (0..<bytes.count / 8).map { bytes.loadUnaligned(fromByteOffset: 8 * $0, as: Int64.self) }
            }
            key.withUnsafeBytes { body($0, state) }
        }
    }
}

extension GeneratedProgram.Site {
    init(_ members: [Probe]) {
        let site = members[0].site
        if members.count > 1, case .function(_, let atReturn, _) = site {
            self = .functions(members.map(\.function), atReturn: atReturn)
            return
        }
        self =
            switch site {
            case .begin, .end, .error: .onDemand
            case .everyNanoseconds(let period, let onAllCPUs):
                .clock(.init(.nanoseconds(period), onAllCPUs: onAllCPUs))
            case .frequency(let frequency, let onAllCPUs): .clock(.init(.frequency(frequency), onAllCPUs: onAllCPUs))
            case .tracepoint(let name, _): .tracepoint(name)
            case .function(let name, let atReturn, _): .function(name, atReturn: atReturn)
            case .systemCall(_, let atReturn): .tracepoint(atReturn ? "sys_exit" : "sys_enter")
            }
    }
}

/// The kernel did not accept a probe's program.
struct DRefusal: Error, CustomStringConvertible {
    let description: String

    init(_ refusal: ProgramRefusal, _ probe: Probe, verbose: Bool) {
        var text = "the kernel refuses the program of \(probe.title): \(refusal.errno)"
        switch refusal.errno {
        case .notPermitted,
            .permissionDenied where refusal.log.isEmpty:
            text += "; run it as root, or with CAP_BPF and CAP_PERFMON"
        case Errno(rawValue: E2BIG): text += "; its clauses are too large for the kernel: print or compare less in them"
        default: break
        }
        if let note = refusal.note { text += " (\(note))" }
        if verbose, !refusal.log.isEmpty {
            text += "\n" + refusal.log
        } else if !refusal.log.isEmpty {
            text += "; -v shows the verifier's reasons"
        }
        description = text
    }
}
