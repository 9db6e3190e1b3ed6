import FoundationEssentials

/// One scenario file: a small network, one or more nettrace processes that watch it together, commands that make the
/// packets, and the expected output. docs/TESTING.md describes every key.
struct Scenario: Decodable, Sendable {
    let name: String
    let description: String
    let needs: [String]
    let setup: [String]
    let trigger: [String]
    let teardown: [String]
    var place = Place.everywhere
    let runs: [Run]

    /// The kernels that a scenario is for.
    enum Place: String, Decodable, Sendable {
        case everywhere
        /// It tests behaviour that is the same on any kernel: this machine and one guest are enough.
        case once
        /// The same, and any machine can run it: no guest does, unless it runs everything.
        case here
    }

    /// One nettrace process and its expected output.
    struct Run: Decodable, Sendable {
        /// The command line of nettrace.
        enum Form: Sendable {
            /// Arguments; `--json` and `--ready-file` are added.
            case json(String)
            /// Arguments; `--ready-file` is added.
            case text(String)
            /// Arguments as they are; the process must end by itself.
            case raw(String)
            /// Lines for `sh -e` that start `$NETTRACE` themselves and must end by themselves.
            case script([String])
        }

        private let form: Form
        /// Replaces `form` on kernels without kprobes.
        private let formWithoutKprobes: Form?
        /// The namespace to run in, such as `$NS1`; nil for the runner's own.
        let inside: String?
        let expect: [Pattern]
        let expectWithoutKprobes: [Pattern]?
        let absent: [Pattern]
        let count: [Count]
        let stdout: [TextPattern]
        let stderr: [TextPattern]
        let exit: Int32
        let summary: [String: JSONValue]
        /// The fault whose packet this run watches; nil in scenarios.
        let fault: Fault?

        struct Count: Decodable, Sendable {
            let match: Pattern
            let `is`: JSONValue
        }
    }
}

extension Scenario {
    /// A message that names the file's error. An unknown key is an error, since a misspelt expectation must not pass.
    struct FormatError: Error, CustomStringConvertible {
        let description: String
    }

    enum CodingKeys: String, CodingKey, CaseIterable {
        case name, description, needs, setup, trigger, teardown, runs
        case place = "where"
    }

    init(from decoder: any Decoder) throws {
        let container = try decoder.container(keyedBy: CodingKeys.self)
        name = try container.decode(String.self, forKey: .name)
        description = try container.decode(String.self, forKey: .description)
        needs = try container.decodeIfPresent([String].self, forKey: .needs) ?? []
        setup = try container.decodeIfPresent([String].self, forKey: .setup) ?? []
        trigger = try container.decodeIfPresent([String].self, forKey: .trigger) ?? []
        teardown = try container.decodeIfPresent([String].self, forKey: .teardown) ?? []
        place = try container.decodeIfPresent(Place.self, forKey: .place) ?? .everywhere
        let runKeys = Run.CodingKeys.allCases.map(\.rawValue)
        let sceneKeys = CodingKeys.allCases.map(\.rawValue)
        let given = try JSONValue(from: decoder).object ?? [:]
        if let listed = given["runs"] {
            try Self.refuseUnknown(given.keys, known: sceneKeys)
            if case .array(let members) = listed {
                for member in members { try Self.refuseUnknown((member.object ?? [:]).keys, known: runKeys) }
            }
            runs = try container.decode([Run].self, forKey: .runs)
        } else {
            try Self.refuseUnknown(given.keys, known: sceneKeys + runKeys)
            runs = [try Run(from: decoder)]
        }
        guard !runs.isEmpty else { throw FormatError(description: "a scenario needs at least one run") }
    }

    static func refuseUnknown(_ keys: some Sequence<String>, known: [String]) throws {
        if let key = keys.filter({ !known.contains($0) }).min() {
            throw FormatError(description: "unknown key '\(key)'; known are \(known.sorted().joined(separator: ", "))")
        }
    }
}

extension Scenario.Run {
    enum CodingKeys: String, CodingKey, CaseIterable {
        case command, commandWithoutKprobes, raw, text, script, inside
        case expect, expectWithoutKprobes, absent, count, stdout, stderr, exit, summary
    }

    init(from decoder: any Decoder) throws {
        let container = try decoder.container(keyedBy: CodingKeys.self)
        let isRaw = try container.decodeIfPresent(Bool.self, forKey: .raw) ?? false
        let isText = try container.decodeIfPresent(Bool.self, forKey: .text) ?? false
        func parsed(_ command: String) -> Form {
            isRaw ? .raw(command) : isText ? .text(command) : .json(command)
        }
        if let lines = try container.decodeIfPresent([String].self, forKey: .script) {
            form = .script(lines)
        } else {
            form = parsed(try container.decode(String.self, forKey: .command))
        }
        formWithoutKprobes = try container.decodeIfPresent(String.self, forKey: .commandWithoutKprobes)
            .map(parsed)
        inside = try container.decodeIfPresent(String.self, forKey: .inside)
        expect = try container.decodeIfPresent([Pattern].self, forKey: .expect) ?? []
        expectWithoutKprobes = try container.decodeIfPresent([Pattern].self, forKey: .expectWithoutKprobes)
        absent = try container.decodeIfPresent([Pattern].self, forKey: .absent) ?? []
        count = try container.decodeIfPresent([Count].self, forKey: .count) ?? []
        stdout = try container.decodeIfPresent([TextPattern].self, forKey: .stdout) ?? []
        stderr = try container.decodeIfPresent([TextPattern].self, forKey: .stderr) ?? []
        exit = try container.decodeIfPresent(Int32.self, forKey: .exit) ?? 0
        summary = try container.decodeIfPresent([String: JSONValue].self, forKey: .summary) ?? [:]
        fault = nil
    }

    /// The run that watches a fault.
    init(command: String, fault: Fault) {
        form = .json(command)
        formWithoutKprobes = nil
        inside = nil
        expect = []
        expectWithoutKprobes = nil
        absent = []
        count = []
        stdout = []
        stderr = []
        exit = 0
        summary = [:]
        self.fault = fault
    }

    /// Whether the run prints its results only at its end, so that waiting for them is pointless.
    func reportsAtItsEnd(withKprobes: Bool) -> Bool {
        switch form(withKprobes: withKprobes) {
        case .json(let line), .text(let line):
            ["--summary", "--rtt", "--tcp-summary", "--latency"].contains { line.contains($0) }
        case .raw, .script: false
        }
    }

    /// The form to start on a kernel with or without kprobes.
    func form(withKprobes: Bool) -> Form {
        withKprobes ? form : formWithoutKprobes ?? form
    }
}

extension Scenario.Run.Form: CustomStringConvertible {
    /// The command as written in the scenario, for messages.
    var description: String {
        switch self {
        case .json(let line), .text(let line), .raw(let line): "nettrace \(line)"
        case .script(let lines): lines.joined(separator: "; ")
        }
    }
}
