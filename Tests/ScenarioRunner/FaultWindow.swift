/// The time of one fault, and what the shared tracer has told of packets that were first seen in it.
final class FaultWindow {
    /// CLOCK_MONOTONIC in nanoseconds, which events bear as "ts".
    let start = monotonicTime()
    private var trigger = Int64.max
    private var end = Int64.max
    private var keepsPackets = true
    private var ofTrigger: [[String: JSONValue]] = []
    private var judged: [[String: JSONValue]] = []

    /// What was told of packets of the trigger and of what came after it: among them has to be what the fault asks for.
    var sinceTrigger: Trace { Trace(contexts: ofTrigger) }

    /// Verdicts on packets of the trigger that were lost before the window closed: all of them have to be right.
    var verdicts: Trace { Trace(contexts: judged) }

    func beginTrigger() {
        trigger = monotonicTime()
    }

    func close() {
        if end == .max { end = monotonicTime() }
    }

    /// The events of packets take much memory; verdicts are few.
    func forgetPackets() {
        ofTrigger = []
        keepsPackets = false
    }

    func take(_ context: [String: JSONValue], of time: Int64) {
        guard time >= trigger, time < end else { return }
        if keepsPackets { ofTrigger.append(context) }
        if context["verdict"] != nil, Self.timeOfLoss(context) ?? time < end { judged.append(context) }
    }

    /// What still waits in a queue when the namespaces are removed is lost by that.
    private static func timeOfLoss(_ context: [String: JSONValue]) -> Int64? {
        guard let events = context["events"]?.array,
            case .integer(let index)? = context["verdict"]?.object?["evidence"]?.array?.first?.object?["event"],
            events.indices.contains(Int(index)), case .integer(let time)? = events[Int(index)].object?["ts"]
        else { return nil }
        return time
    }
}
