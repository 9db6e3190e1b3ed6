import FoundationEssentials
import Testing

@testable import ScenarioRunner

private func decode<Value: Decodable>(_ json: String) throws -> Value {
    try JSONDecoder().decode(Value.self, from: Data(json.utf8))
}

@Suite struct KernelConditionTests {
    @Test(arguments: [
        (">=5.17", "6.1.0-50-cloud-amd64", true), (">=5.17", "5.10.0-32", false), (">=6.2", "6.12.107+deb13", true),
        (">=5.17 <6.12", "6.12", false), ("=6.1", "6.1.9", true), ("<6.1", "6.1", false), ("<=6.1", "6.1", true),
    ])
    func holds(condition: String, release: String, expected: Bool) throws {
        let kernel = try #require(KernelVersion(release))
        #expect(try #require(KernelCondition(condition)).holds(for: kernel) == expected)
    }

    @Test(arguments: ["", "6.1", ">=6", "~6.1", ">= 6.1", ">=5.17,<6"])
    func refusesWhatItDoesNotUnderstand(text: String) {
        #expect(KernelCondition(text) == nil)
    }
}

@Suite struct PatternTests {
    private let event = #"{"tracer": "ip_rcv", "len": 84, "tcp": {"flags": "SA", "seq": 4294967295}, "skb": "0xa"}"#

    @Test(arguments: [
        (#"{"tracer": "ip_rcv"}"#, true), (#"{"tracer": "ip_rcv", "len": 85}"#, false), (#"{"mark": 1}"#, false),
        (#"{"tracer": ["tcp_v4_rcv", "ip_rcv"]}"#, true), (#"{"len": {">": 83, "<=": 84}}"#, true),
        (#"{"len": {">": 84}}"#, false), (#"{"tracer": {"regex": "^ip_"}}"#, true),
        (#"{"len": {"regex": "8"}}"#, false),
        (#"{"tcp": {"flags": "SA"}}"#, true), (#"{"tcp": {"flags": "S"}}"#, false), (#"{"tcp": "SA"}"#, false),
        (#"{"mark": {"present": false}}"#, true), (#"{"len": {"present": false}}"#, false),
        (#"{"mark": {"!=": 1}}"#, false),
        (#"{"tcp": {"seq": 4294967295}}"#, true), (#"{"len": "84"}"#, false),
    ])
    func matches(pattern: String, expected: Bool) throws {
        let pattern: Pattern = try decode(pattern)
        var aliases: [String: JSONValue] = [:]
        #expect(pattern.matches(try decode(event), aliases: &aliases) == expected)
    }

    @Test(arguments: [
        (#"{"events": {"has": [{"n": 1}, {"n": 3}]}}"#, true), (#"{"events": {"has": [{"n": 3}, {"n": 1}]}}"#, false),
        (#"{"events": {"has": [{"n": 1}, {"n": 1}]}}"#, false), (#"{"events": {"has": []}}"#, true),
        (#"{"events": {"lacks": {"n": 4}}}"#, true), (#"{"events": {"lacks": {"n": 2}}}"#, false),
        (#"{"events": {"length": 3}}"#, true), (#"{"events": {"length": {">": 3}}}"#, false),
        (#"{"missing": {"has": [{"n": 1}]}}"#, false), (#"{"missing": {"lacks": {"n": 1}}}"#, false),
        (#"{"missing": {"length": 0}}"#, false), (#"{"type": {"lacks": {"n": 1}}}"#, false),
        // The first event that could be "$a" does not lead to a match, so the second must be tried.
        (#"{"events": {"has": [{"skb": "$a"}, {"skb": "$a", "n": 3}]}}"#, true),
        (#"{"events": {"has": [{"skb": "$a"}, {"skb": {"!=": "$a"}}]}}"#, true),
        (#"{"events": {"has": [{"skb": "$a", "n": 2}, {"skb": {"!=": "$a"}}]}}"#, false),
        (#"{"events": {"has": [{"skb": "$a", "n": 2}], "lacks": {"skb": "$a"}}}"#, false),
        (#"{"events": {"has": [{"skb": "$a", "n": 2}]}, "owner": {"!=": "$a"}}"#, true),
    ])
    func looksIntoArrays(pattern: String, expected: Bool) throws {
        let context =
            #"{"type": "context", "owner": "0xc", "events": [{"n": 1, "skb": "0xa"}, {"n": 2, "skb": "0xb"}, {"n": 3, "skb": "0xb"}]}"#
        let pattern: Pattern = try decode(pattern)
        var aliases: [String: JSONValue] = [:]
        #expect(pattern.matches(try decode(context), aliases: &aliases) == expected)
        #expect(expected || aliases.isEmpty)
    }

    @Test func bindsNamesOnlyWhenTheWholePatternMatches() throws {
        let pattern: Pattern = try decode(#"{"skb": "$a", "tracer": "tcp_v4_rcv"}"#)
        var aliases: [String: JSONValue] = [:]
        #expect(!pattern.matches(try decode(event), aliases: &aliases))
        #expect(aliases.isEmpty)
    }
}

@Suite struct EventSequenceTests {
    private func outcome(of patterns: String, in events: String) throws -> Int? {
        switch EventSequence(events: try decode(events)).find(try decode(patterns)) {
        case .found: nil
        case .missing(let index, _): index
        }
    }

    private let interleaved = """
        [{"at": "in", "skb": "a"}, {"at": "in", "skb": "b"}, {"at": "out", "skb": "b"}, {"at": "in", "skb": "b"}]
        """

    @Test func followsThePacketThatCompletesTheOrder() throws {
        #expect(try outcome(of: #"[{"at": "in", "skb": "$p"}, {"at": "out", "skb": "$p"}]"#, in: interleaved) == nil)
    }

    @Test func refusesTheWrongOrder() throws {
        #expect(try outcome(of: #"[{"at": "out"}, {"at": "in", "skb": "a"}]"#, in: interleaved) == 1)
        #expect(try outcome(of: #"[{"at": "gone"}]"#, in: interleaved) == 0)
        #expect(try outcome(of: #"[{"at": "out"}, {"at": "out"}]"#, in: interleaved) == 1)
    }

    @Test func anEmptyTraceSatisfiesNothingButNothing() throws {
        #expect(try outcome(of: "[]", in: "[]") == nil)
        #expect(try outcome(of: "[{}]", in: "[]") == 0)
    }
}

@Suite struct TraceTests {
    private let event = #"{"type": "event", "tracer": "ip_rcv"}"#
    private let summary = #"{"type": "summary", "matched": 1, "delivered": 1, "lost": 0}"#

    @Test func acceptsATrueAccount() {
        #expect(Trace(stdout: "\(event)\n\(summary)\n").accountingProblems(expected: [:]).isEmpty)
    }

    @Test(arguments: [
        (#"{"type": "context", "events": [{}, {}, {}]}"#, 3),
        (#"{"type": "context", "events": [{}], "truncated_events": 2}"#, 1),
        (#"{"type": "context", "events": [{}]}"#, 1), (#"{"type": "latency", "packets": 7}"#, 0),
    ])
    func countsTheEventsOfContexts(line: String, told: Int) {
        for delivered in 0...4 {
            let summary = #"{"type": "summary", "matched": \#(delivered), "delivered": \#(delivered), "lost": 0}"#
            let problems = Trace(stdout: "\(line)\n\(summary)\n").accountingProblems(expected: [:])
            #expect(problems.isEmpty == (delivered == told))
        }
    }

    @Test(arguments: [
        "{E}", "{S}", "{E}\n{E}\n{S}", "{S}\n{E}", "{E}\nnot JSON\n{S}", "{E}\n{\"type\": \"other\"}\n{S}",
        "{E}\n{\"type\": \"summary\"}",
        "{E}\n{\"type\": \"summary\", \"matched\": 2, \"delivered\": 1, \"lost\": 0}",
        "{E}\n{\"type\": \"lost\", \"events\": 1}\n{S}",
        "{E}\n{\"type\": \"summary\", \"matched\": 1, \"delivered\": 1, \"lost\": 0, \"per_tracer\": [{\"matched\": 1, \"received\": 0, \"lost\": 0}]}",
        "{E}\n{\"type\": \"summary\", \"matched\": 1, \"delivered\": 1, \"lost\": 0, \"per_tracer\": [{\"matched\": 2, \"received\": 2, \"lost\": 0}]}",
        "{E}\n{\"type\": \"summary\", \"matched\": 2, \"delivered\": 1, \"lost\": 1}",
    ])
    func refusesAFalseAccount(template: String) {
        let stdout = template.split(separator: "\n").map { line in
            line == "{E}" ? event : line == "{S}" ? summary : String(line)
        }
        #expect(!Trace(stdout: stdout.joined(separator: "\n")).accountingProblems(expected: [:]).isEmpty)
    }
}

@Suite struct ScenarioTests {
    @Test func readsTheShortForm() throws {
        let scenario: Scenario = try decode(#"{"name": "n", "description": "d", "command": "-t ip", "exit": 64}"#)
        #expect(scenario.runs.count == 1)
        #expect(scenario.runs.first?.exit == 64)
        #expect(scenario.runs.first.map { "\($0.form(withKprobes: false))" } == "nettrace -t ip")
    }

    @Test(arguments: [
        #"{"name": "n", "description": "d"}"#, #"{"name": "n", "description": "d", "runs": []}"#,
        #"{"name": "n", "description": "d", "command": "", "expects": []}"#,
        #"{"name": "n", "description": "d", "runs": [{"command": "", "abscent": []}]}"#,
        #"{"name": "n", "description": "d", "command": "", "runs": [{"command": ""}]}"#,
        #"{"name": "n", "description": "d", "command": "", "absent": [{"kernels": "new"}]}"#,
    ])
    func refusesMistakes(json: String) {
        #expect(throws: (any Error).self) { let _: Scenario = try decode(json) }
    }
}
