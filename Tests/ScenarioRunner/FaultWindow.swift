/// The time of one fault, and what the shared tracer has told of packets that were first seen in it.
final class FaultWindow {
    /// CLOCK_MONOTONIC in nanoseconds, which events bear as "ts".
    let start = monotonicTime()
    private var trigger = Int64.max
    private var end = Int64.max
    private var ofTrigger: [[String: JSONValue]] = []
    private var judged: [[String: JSONValue]] = []

    /// What was told of packets of the trigger and of what came after it: among them has to be what the fault asks for.
    var sinceTrigger: Trace { Trace(contexts: ofTrigger) }

    /// What was told with a verdict, from the setup to the removal of the namespaces: all of it has to be right.
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
        trigger = .max
    }

    func take(_ context: [String: JSONValue], of time: Int64) {
        guard time < end else { return }
        if time >= trigger { ofTrigger.append(context) }
        if context["verdict"] != nil { judged.append(context) }
    }
}
