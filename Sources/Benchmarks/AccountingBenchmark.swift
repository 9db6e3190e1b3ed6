import FoundationEssentials
import Glibc

/// Counts events under load, with a reader that keeps up and with one that does not read during the load: each matched
/// event must be delivered or counted as lost.
struct AccountingBenchmark {
    let program: String

    private struct Summary: Decodable {
        var matched: UInt64
        var delivered: UInt64
        var lost: UInt64
    }

    /// Returns false if events are missing from the account.
    func run() throws -> Bool {
        let fast = try measure("reading", isRead: true)
        let slow = try measure("stalled", isRead: false)
        return fast && slow
    }

    private func measure(_ name: String, isRead: Bool) throws -> Bool {
        let load = try LoopbackLoad()
        var output = try OutputTail()
        var tracer = try TracerProcess(
            program, ["--json", "-p", "udp", "--dport", "\(load.port)"], output: output.writer)
        output.closeWriter()
        _ = try tracer.waitUntilReady()
        for _ in 0..<Self.bursts {
            _ = try load.run(packets: Self.burst)
            if isRead { try output.readAvailable() }
        }
        _ = try tracer.stop { () throws(BenchmarkError) in try output.readToEnd() }
        let summary = try JSONDecoder().decode(Summary.self, from: Data(output.lastLine))
        let missing = summary.matched &- summary.delivered &- summary.lost
        Figures.print("accounting.\(name).matched", summary.matched, "events")
        Figures.print("accounting.\(name).delivered", summary.delivered, "events")
        Figures.print("accounting.\(name).lost", summary.lost, "events")
        Figures.print("accounting.\(name).missing", missing, "events")
        return missing == 0
    }

    /// Small enough that the ring buffer holds the events of one burst.
    private static let burst = 101
    private static let bursts = 307
}
