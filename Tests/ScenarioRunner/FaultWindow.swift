/// The time window of one fault, and the shared tracer's output about packets that were first seen in it.
final class FaultWindow {
    /// CLOCK_MONOTONIC in nanoseconds, the clock of the events' "ts".
    let start = monotonicTime()
    private var trigger = Int64.max
    private var end = Int64.max
    private var keepsPackets = true
    private var ofTrigger: [[String: JSONValue]] = []
    private var judged: [[String: JSONValue]] = []

    /// Output about packets since the trigger; it must contain what the fault requires.
    var sinceTrigger: Trace { Trace(contexts: ofTrigger) }

    /// Verdicts on packets of the trigger that were lost before the window closed; all of them must be correct.
    var verdicts: Trace { Trace(contexts: judged) }

    func beginTrigger() {
        trigger = monotonicTime()
    }

    func close() {
        if end == .max { end = monotonicTime() }
    }

    /// Frees the events of packets, which take much memory; verdicts are few.
    func forgetPackets() {
        ofTrigger = []
        keepsPackets = false
    }

    func take(_ context: [String: JSONValue], of time: Int64) {
        guard time >= trigger, time < end else { return }
        if keepsPackets { ofTrigger.append(context) }
        if context["verdict"] != nil, Self.timeOfLoss(context) ?? time < end { judged.append(context) }
    }

    /// Time when the packet was lost. One that waits in a queue until the namespaces are removed is lost after the window.
    private static func timeOfLoss(_ context: [String: JSONValue]) -> Int64? {
        guard let events = context["events"]?.array,
            case .integer(let index)? = context["verdict"]?.object?["evidence"]?.array?.first?.object?["event"],
            // The index also counts returns, which the array does not list by themselves: the loss may be its last entry.
            index >= 0, !events.isEmpty,
            case .integer(let time)? = events[min(Int(index), events.count - 1)].object?["ts"]
        else { return nil }
        return time
    }
}
