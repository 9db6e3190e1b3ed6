import Capture
import CaptureFiles
import Glibc
import KernelAccess
import Snoop

extension SnoopRun {
    /// Shows packets that the kernel drops for errors, and those that match if there is a filter.
    ///
    /// A trace of the drops, in a process of its own, writes them with their reasons.
    mutating func captureErrors(_ errors: ErrorFlags, on device: String) throws {
        try filters.requireRead()
        announce()
        let trace = try PacketProcess(
            [
                "/proc/self/exe", "trace", "-t", "skb:kfree_skb", "-i", device, "--quiet", "--pcapng", "-",
            ], name: "the trace of dropped packets")
        do {
            var reader = try CaptureReader(name: trace.name, source: trace.read)
            if filters.isEmpty {
                try? Privileges.giveUp()
                try showErrors(errors, &reader, trace)
            } else {
                var source = try CaptureSource(captureSettings(device))
                try? Privileges.giveUp()
                try capture(from: &source) { run, dissection in
                    while trace.isReady || !reader.isDrained {
                        guard try run.showError(errors, &reader, &dissection) else { return false }
                    }
                    return true
                }
            }
        } catch {
            let code = StopSignals.received ? trace.end() : trace.waitForEnd()
            if StopSignals.received, error is CaptureError { return try end(received: 0, dropped: 0) }
            throw RunError(code == 0 ? "\(error)" : "\(trace.name) ended with status \(code)")
        }
        _ = trace.end()
    }

    private mutating func showErrors(
        _ errors: ErrorFlags, _ reader: inout CaptureReader, _ trace: PacketProcess
    ) throws {
        var dissection = request.dissection
        let end = request.seconds.map { nanoseconds(of: CLOCK_MONOTONIC) + Int64($0 * 1e9) }
        var seen: UInt64 = 0
        while !StopSignals.received, !hasEnoughPackets, end.map({ nanoseconds(of: CLOCK_MONOTONIC) < $0 }) ?? true {
            guard trace.isReady || !reader.isDrained else {
                try output.flushUngrouped()
                _ = poll(nil, 0, 50)
                continue
            }
            guard try showError(errors, &reader, &dissection) else { break }
            seen += 1
        }
        try self.end(received: seen, dropped: 0)
    }

    /// Takes the next dropped packet, and prints it if its error is wanted. Returns false if the run ends.
    private mutating func showError(
        _ errors: ErrorFlags, _ reader: inout CaptureReader, _ dissection: inout Dissection
    ) throws -> Bool {
        guard try reader.next() else {
            if StopSignals.received { return false }
            throw RunError("the trace of dropped packets has ended")
        }
        guard let error = Self.reason(of: reader.packet).flatMap({ errors.mnemonic(of: $0) }) else { return true }
        return try accept(reader.packet, reader.interfaces, &dissection, error: error)
    }

    /// The drop reason in a packet's comments: `…, reason: TCP_CSUM …`.
    private static func reason(of packet: borrowing PacketView) -> String? {
        for comment in packet.options.comments {
            guard let place = comment.firstRange(of: "reason: ") else { continue }
            return String(comment[place.upperBound...].prefix { $0.isUppercase || $0 == "_" || $0.isNumber })
        }
        return nil
    }
}
