/// One fault file: a small network with an error in it, a packet that suffers from it, and the verdict that nettrace
/// must give. docs/TESTING.md describes every key.
struct Fault: Decodable, Sendable {
    let name: String
    let description: String
    let needs: [String]
    let setup: [String]
    let trigger: [String]
    let teardown: [String]
    /// nettrace's arguments that select the packet.
    let packet: String
    /// Whether it has a tracer of its own even if others share one, since the state at the tracer's start matters.
    let isAlone: Bool
    /// Drops that the kernel must show; each entry for this kernel has to be met. For a healthy network: drops that the
    /// kernel reports all the same.
    let drop: [Loss]
    /// Accepted endings of a packet that the kernel does not drop, such as `consumed`.
    let ends: OneOrMore?
    /// Tracers that must return these values, such as `{"tracer": "nf_hook_slow", "value": -1}`.
    let returns: [Pattern]
    /// Whether the first fix of the verdict is run, and then the trigger once more, whose packets must get through.
    let isFixable: Bool
    /// nil for a healthy network: there must be no drop and no verdict.
    let verdict: Verdict?
    /// Further correct verdicts, on other packets that suffer from the same fault. Any other verdict is wrong.
    let also: [Verdict]

    /// A drop that must have been seen; a list holds alternatives.
    struct Loss: Decodable, Sendable {
        let kernels: KernelCondition?
        /// As the kernel spells it; nil: any reason, or none.
        let reason: OneOrMore?
        /// The function that freed the packet.
        let location: OneOrMore?
    }

    struct Verdict: Decodable, Sendable {
        let cause: OneOrMore
        /// Texts that the culprit must contain.
        let culprit: OneOrMore?
        /// The kernels on which the cause can be known; on others it is not required.
        let kernels: KernelCondition?
        /// The program does not find this verdict yet: the result reports it, but does not require it.
        let isOpen: Bool
    }

    /// A string, or a list of strings.
    struct OneOrMore: Decodable, Sendable {
        let texts: [String]

        init(from decoder: any Decoder) throws {
            let value = try JSONValue(from: decoder)
            texts = value.string.map { [$0] } ?? (value.array ?? []).compactMap(\.string)
            guard !texts.isEmpty else { throw Scenario.FormatError(description: "not a string or strings: \(value)") }
        }
    }

    enum CodingKeys: String, CodingKey, CaseIterable {
        case name, description, needs, setup, trigger, teardown, packet, drop, ends, returns, verdict, also, healthy
        case fix, alone
    }

    init(from decoder: any Decoder) throws {
        let given = try JSONValue(from: decoder).object ?? [:]
        try Scenario.refuseUnknown(given.keys, known: CodingKeys.allCases.map(\.rawValue))
        let container = try decoder.container(keyedBy: CodingKeys.self)
        name = try container.decode(String.self, forKey: .name)
        description = try container.decode(String.self, forKey: .description)
        needs = try container.decodeIfPresent([String].self, forKey: .needs) ?? []
        setup = try container.decodeIfPresent([String].self, forKey: .setup) ?? []
        trigger = try container.decode([String].self, forKey: .trigger)
        teardown = try container.decodeIfPresent([String].self, forKey: .teardown) ?? []
        packet = try container.decode(String.self, forKey: .packet)
        isAlone = try container.decodeIfPresent(Bool.self, forKey: .alone) ?? false
        drop = try container.decodeIfPresent([Loss].self, forKey: .drop) ?? []
        ends = try container.decodeIfPresent(OneOrMore.self, forKey: .ends)
        returns = try container.decodeIfPresent([Pattern].self, forKey: .returns) ?? []
        verdict = try container.decodeIfPresent(Verdict.self, forKey: .verdict)
        isFixable = try container.decodeIfPresent(Bool.self, forKey: .fix) ?? false
        also = try container.decodeIfPresent([Verdict].self, forKey: .also) ?? []
        let healthy = try container.decodeIfPresent(Bool.self, forKey: .healthy) ?? false
        guard healthy == (verdict == nil) else {
            throw Scenario.FormatError(description: "a fault has either a 'verdict' or '\"healthy\": true'")
        }
        guard !also.contains(where: \.isOpen) else {
            throw Scenario.FormatError(description: "'open' is for the verdict that is asked for, not for 'also'")
        }
    }

    /// Whether a file's JSON is a fault rather than a scenario.
    static func describes(_ json: JSONValue) -> Bool { json.object?["packet"] != nil }

    /// The scenario that makes the fault, with one nettrace process in the most capable mode of the program.
    func scenario(for program: Program) -> Scenario {
        let mode = program.diagnoses ? "--diag-keep" : "--timeline"
        let returning = program.showsReturns && !program.diagnoses ? " --ret" : ""
        return Scenario(
            name: name, description: description, needs: ["root", "tracepoints"] + needs, setup: setup,
            trigger: trigger, teardown: teardown,
            runs: [Scenario.Run(command: mode + returning + " " + packet, fault: self)])
    }
}

extension Fault.Loss {
    enum CodingKeys: String, CodingKey, CaseIterable {
        case kernels, reason, location
    }

    init(from decoder: any Decoder) throws {
        let container = try decoder.container(keyedBy: CodingKeys.self)
        try Scenario.refuseUnknown(
            try JSONValue(from: decoder).object?.keys.map { $0 } ?? [], known: CodingKeys.allCases.map(\.rawValue))
        kernels = try KernelCondition.decode(from: container, forKey: .kernels)
        reason = try container.decodeIfPresent(Fault.OneOrMore.self, forKey: .reason)
        location = try container.decodeIfPresent(Fault.OneOrMore.self, forKey: .location)
    }
}

extension Fault.Verdict {
    enum CodingKeys: String, CodingKey, CaseIterable {
        case kernels, cause, culprit
        case isOpen = "open"
    }

    init(from decoder: any Decoder) throws {
        let container = try decoder.container(keyedBy: CodingKeys.self)
        try Scenario.refuseUnknown(
            try JSONValue(from: decoder).object?.keys.map { $0 } ?? [], known: CodingKeys.allCases.map(\.rawValue))
        kernels = try KernelCondition.decode(from: container, forKey: .kernels)
        isOpen = try container.decodeIfPresent(Bool.self, forKey: .isOpen) ?? false
        cause = try container.decode(Fault.OneOrMore.self, forKey: .cause)
        culprit = try container.decodeIfPresent(Fault.OneOrMore.self, forKey: .culprit)
    }
}

extension KernelCondition {
    /// The value of an optional key that reads like `>=5.17 <6.12`.
    static func decode<Key>(from container: KeyedDecodingContainer<Key>, forKey key: Key) throws -> KernelCondition? {
        guard let text = try container.decodeIfPresent(String.self, forKey: key) else { return nil }
        guard let condition = KernelCondition(text) else {
            throw Scenario.FormatError(description: "'kernels' must read like \">=5.17 <6.12\", not \"\(text)\"")
        }
        return condition
    }
}
