import Glibc

/// One nettrace that watches many faults, one after the other: on an emulated machine its start takes longer than a
/// fault.
///
/// It watches every packet, and packets are assigned to faults by time: faults do not overlap, and a packet belongs to
/// the fault in whose window it was first seen (`FaultWindow`).
final class SharedTracer {
    private let process: ChildProcess
    private let readyFile: String
    /// Number of bytes of the output that have been read.
    private var position = 0
    private var windows: [FaultWindow] = []

    /// Starts it with a filter that all packets pass: packets that a filter selects also get verdicts that nettrace
    /// otherwise leaves out. Loads the faults' modules first, since nettrace only attaches to functions that exist at
    /// its start.
    init(machine: Machine, folder: String, environment: [String: String]) throws {
        readyFile = "\(folder)/ready"
        let script = """
            . "$SCENARIOS/network.sh"
            load_modules
            exec "$NETTRACE" --json --diag-keep --ready-file "\(readyFile)" greater 0
            """
        process = try ChildProcess(script: script, output: "\(folder)/tracer", environment: environment)
        _ = try Signals.wait(until: .hanging) { [self] in exists(readyFile) || hasEnded }
    }

    var hasEnded: Bool { process.end != nil }

    /// The reason why it cannot watch; nil if it can.
    var trouble: [String]? {
        if !exists(readyFile) { return ["the tracer of all faults was not ready in time"] + tail(of: errors) }
        return hasEnded ? ["the tracer of all faults has ended"] + tail(of: errors) : nil
    }

    var errors: String { contents(of: process.stderr) }

    /// All packets from now on belong to this fault, including those of its setup.
    func begin() -> FaultWindow {
        pause()
        let window = FaultWindow()
        windows.append(window)
        return window
    }

    /// Packets from now on belong to no fault.
    func pause() {
        windows.last?.close()
    }

    /// Passes new output to the windows that it belongs to.
    func read() {
        let news = contents(of: process.stdout, from: position)
        guard let end = news.utf8.lastIndex(of: UInt8(ascii: "\n")) else { return }
        position += news.utf8.distance(from: news.startIndex, to: end) + 1
        for line in news[..<end].split(separator: "\n") {
            guard let context = JSONValue(line: line)?.object else { continue }
            let time = Trace.start(of: context)
            windows.last { $0.start <= time }?.take(context, of: time)
        }
    }

    /// Waits until it is idle, and reads its output. It still searches the machine for the culprits of a fault's other
    /// packets when the first has its verdict: they must be found before the fault's namespaces are removed.
    func awaitSilence() throws {
        var silence = UnansweredRequest(of: [process], seconds: 0.2)
        _ = try Signals.wait(until: Deadline(seconds: 60)) { [self] in hasEnded || silence.lasts() }
        read()
    }

    /// Ends it; returns the problems of its account.
    func finish(on machine: Machine) throws -> [String] {
        process.send(SIGINT)
        let inTime = try Signals.wait(until: .hanging) { [self] in hasEnded }
        read()
        guard inTime, process.end == .exited(0) else {
            return ["the tracer of all faults ended with \(process.end.map { "\($0)" } ?? "nothing, in time")"]
                + tail(of: errors)
        }
        // On a busy machine it may see more events than it can take. A fault whose events were lost has failed already.
        let anyLoss = JSONValue.object([">=": .integer(0)])
        return Trace(stdout: contents(of: process.stdout)).accountingProblems(expected: ["lost": anyLoss])
    }
}
