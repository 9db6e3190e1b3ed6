import Glibc

/// One nettrace that watches many faults, one after the other: an emulated machine needs longer to attach it than for the
/// fault itself.
///
/// It watches every packet, so a fault's own are told from others by time: faults do not overlap, and a packet is of the
/// fault in whose window it was first seen (`FaultWindow`).
final class SharedTracer {
    private let process: ChildProcess
    private let readyFile: String
    /// Bytes of the output that have been read.
    private var position = 0
    private var windows: [FaultWindow] = []

    /// Starts it with a filter that everything passes, for what is asked for is missed even where it is nobody's business.
    /// Modules that faults load would come too late to be attached to.
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

    /// What keeps it from watching; nil when nothing does.
    var trouble: [String]? {
        if !exists(readyFile) { return ["the tracer of all faults was not ready in time"] + tail(of: errors) }
        return hasEnded ? ["the tracer of all faults has ended"] + tail(of: errors) : nil
    }

    var errors: String { contents(of: process.stderr) }

    /// From now on all packets are this fault's, its setup's included.
    func begin() -> FaultWindow {
        pause()
        let window = FaultWindow()
        windows.append(window)
        return window
    }

    /// From now on packets are nobody's.
    func pause() {
        windows.last?.close()
    }

    /// Hands what has been told to the windows that it belongs to.
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

    /// Asks it to end; what is wrong with its account of all it saw.
    func finish(on machine: Machine) throws -> [String] {
        process.send(SIGINT)
        let inTime = try Signals.wait(until: .hanging) { [self] in hasEnded }
        read()
        guard inTime, process.end == .exited(0) else {
            return ["the tracer of all faults ended with \(process.end.map { "\($0)" } ?? "nothing, in time")"]
                + tail(of: errors)
        }
        // On a machine in use it sees more than it may be able to take. A fault whose events were lost has failed already.
        let anyLoss = JSONValue.object([">=": .integer(0)])
        return Trace(stdout: contents(of: process.stdout)).accountingProblems(expected: ["lost": anyLoss])
    }
}
