/// The output of `nettrace --json`: events of packets and sockets, contexts (packets with their events), latencies,
/// tables of drops and round-trip times, TCP connections, and the summary as the last line.
struct Trace {
    /// All objects except the summary; patterns are compared with each.
    let sequence: EventSequence
    /// Number of printed events, in contexts or alone.
    private let told: Int
    /// Number of events that were reported as lost during the run.
    private let noticed: Int64
    private let summary: [String: JSONValue]?
    private let flaws: [String]

    init(stdout: String) {
        var events: [[String: JSONValue]] = []
        var summaries: [[String: JSONValue]] = []
        var flaws: [String] = []
        var told = 0
        var noticed: Int64 = 0
        var limited = 0.0
        for line in stdout.split(separator: "\n") {
            guard let object = JSONValue(line: line)?.object else {
                flaws.append("stdout has a line that is no JSON object: \(line.prefix(200))")
                continue
            }
            if !summaries.isEmpty { flaws.append("stdout goes on after the summary: \(line.prefix(200))") }
            switch object["type"] {
            case .string("event"), .string("sock"):
                events.append(object)
                told += 1
            case .string("context"):
                events.append(object)
                told += Self.toldEvents(of: object)
            case .string("latency"): events.append(object)
            case .string("suppressed"):
                events.append(object)
                limited += object["count"]?.number ?? 0
            case .string("tcp_connection"):
                events.append(object)
                if object["final"] != nil { told += 1 }
            case .string("drops"), .string("rtt"):
                events.append(object)
                if !Self.addsUp(object) { flaws.append("the rows do not add up to the total: \(line.prefix(200))") }
                // The blocks of intervals come first; this one is their sum.
                if object["final"] != nil { told += Int(object["total"]?.number ?? 0) }
            case .string("lost"): noticed += Int64(object["events"]?.number ?? 0)
            case .string("summary"): summaries.append(object)
            default: flaws.append("stdout has an object of unknown type: \(line.prefix(200))")
            }
        }
        let account = summaries.first?["limited"]?.array ?? []
        if limited != account.map({ $0.object?["count"]?.number ?? 0 }).reduce(0, +) {
            flaws.append("\(limited) events were told of as suppressed, and the summary has another number")
        }
        sequence = EventSequence(events: events)
        summary = summaries.first
        self.flaws = flaws
        self.told = told
        self.noticed = noticed
    }

    /// Contexts alone, without an account.
    init(contexts: [[String: JSONValue]]) {
        sequence = EventSequence(events: contexts)
        told = 0
        noticed = 0
        summary = nil
        flaws = []
    }

    /// A function's call counts as two events: the call and its return.
    private static func toldEvents(of context: [String: JSONValue]) -> Int {
        let events = context["events"]?.array ?? []
        let calls = events.count { $0.object?["ret"] != nil && $0.object?["entered"] == nil }
        return events.count + calls
    }

    /// Whether the rows of a table and its omitted rows add up to its total.
    private static func addsUp(_ block: [String: JSONValue]) -> Bool {
        let counts = (block["rows"]?.array ?? []).map { $0.object?["count"]?.number ?? 0 }
        let rest = ["more", "other"].map { block[$0]?.number ?? 0 }
        return (counts + rest).reduce(0, +) == block["total"]?.number
    }

    /// Each tracer's account adds up, and together they add up to the run's.
    private func tracerProblems(matched: Int64, lost: Int64) -> [String] {
        guard let tracers = summary?["per_tracer"]?.array?.compactMap(\.object) else { return [] }
        func number(_ key: String, _ tracer: [String: JSONValue]) -> Int64 { Int64(tracer[key]?.number ?? -1) }
        let wrong = tracers.filter { tracer in
            let limited = tracer["limited"] == nil ? 0 : number("limited", tracer)
            return number("matched", tracer) != number("received", tracer) + number("lost", tracer) + limited
        }
        var problems = wrong.map { "matched is not received + lost + limited: \(JSONValue.object($0))" }
        if tracers.reduce(0, { $0 + number("matched", $1) }) != matched
            || tracers.reduce(0, { $0 + number("lost", $1) }) != lost
        {
            problems.append("the tracers' accounts are not the run's")
        }
        return problems
    }

    /// Always checked: every match was delivered, lost or suppressed; the number of printed events equals the delivered
    /// ones; and none was lost or suppressed unless that is expected.
    func accountingProblems(expected: [String: JSONValue]) -> [String] {
        guard let summary else { return flaws + ["stdout has no summary"] }
        var problems = flaws
        if case .integer(let matched) = summary["matched"], case .integer(let delivered) = summary["delivered"],
            case .integer(let lost) = summary["lost"]
        {
            let suppressed = summary["suppressed"].flatMap(\.number).map { Int64($0) } ?? 0
            if matched != delivered + lost + suppressed {
                problems.append("matched is not delivered + lost + suppressed")
            }
            if expected["suppressed"] == nil && suppressed != 0 { problems.append("\(suppressed) were suppressed") }
            if delivered != told {
                problems.append("\(told) events were printed, not the \(delivered) delivered")
            }
            if expected["lost"] == nil && lost != 0 { problems.append("\(lost) events were lost") }
            if noticed > lost { problems.append("\(noticed) events were said to be lost in time, \(lost) in the end") }
            problems += tracerProblems(matched: matched, lost: lost)
        } else {
            problems.append("the summary lacks matched, delivered or lost")
        }
        var aliases: [String: JSONValue] = [:]
        for (key, value) in expected.sorted(by: { $0.key < $1.key })
        where !ValueMatcher.matches(value, summary[key], aliases: &aliases) {
            problems.append("summary: '\(key)' is not \(value)")
        }
        if problems.count > flaws.count { problems.append("the summary was \(JSONValue.object(summary))") }
        return problems
    }
}
