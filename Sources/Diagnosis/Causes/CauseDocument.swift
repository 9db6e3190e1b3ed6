import Tracers

/// The keys `causes`, `reasons` and `counters` of tracers.json as written. Types and keys are checked here, contents in
/// `CauseBuilder`. The tracer catalog reads the tree in the same file.
struct DiagnosisDocument: Decodable {
    let causes: [CauseDocument]?
    let reasons: [ReasonDocument]?
    let counters: [CounterDocument]?
}

struct CauseDocument: Decodable {
    let slug, group, severity, title, meaning: String
    let arises: [String]
    let check, fix: [StepDocument]
    let stray: Bool
    let counters, see, narrower, locations: [String]
    let refines: [RefinementDocument]
    let returns: [ReturnDocument]
    let silent, or: [String]

    private enum CodingKeys: String, CodingKey, CaseIterable {
        case slug, group, severity, stray, title, meaning, arises, check, fix, counters, see, narrower, locations
        case refines, returns
        case silent, or
    }

    init(from decoder: any Decoder) throws {
        try decoder.refuseKeys(outside: CodingKeys.self)
        let values = try decoder.container(keyedBy: CodingKeys.self)
        slug = try values.decode(String.self, forKey: .slug)
        group = try values.decode(String.self, forKey: .group)
        severity = try values.decode(String.self, forKey: .severity)
        title = try values.decode(String.self, forKey: .title)
        meaning = try values.decode(String.self, forKey: .meaning)
        arises = try values.decode([String].self, forKey: .arises)
        check = try values.decodeIfPresent([StepDocument].self, forKey: .check) ?? []
        fix = try values.decodeIfPresent([StepDocument].self, forKey: .fix) ?? []
        counters = try values.decodeIfPresent([String].self, forKey: .counters) ?? []
        stray = try values.decodeIfPresent(Bool.self, forKey: .stray) ?? false
        see = try values.decodeIfPresent([String].self, forKey: .see) ?? []
        narrower = try values.decodeIfPresent([String].self, forKey: .narrower) ?? []
        locations = try values.decodeIfPresent([String].self, forKey: .locations) ?? []
        refines = try values.decodeIfPresent([RefinementDocument].self, forKey: .refines) ?? []
        returns = try values.decodeIfPresent([ReturnDocument].self, forKey: .returns) ?? []
        silent = try values.decodeIfPresent([String].self, forKey: .silent) ?? []
        or = try values.decodeIfPresent([String].self, forKey: .or) ?? []
    }
}

struct StepDocument: Decodable {
    let run: String?
    let note: String

    private enum CodingKeys: String, CodingKey, CaseIterable {
        case run, note
    }

    init(from decoder: any Decoder) throws {
        try decoder.refuseKeys(outside: CodingKeys.self)
        let values = try decoder.container(keyedBy: CodingKeys.self)
        run = try values.decodeIfPresent(String.self, forKey: .run)
        note = try values.decode(String.self, forKey: .note)
    }
}

struct RefinementDocument: Decodable {
    let reason, location: String
    let packet: String?

    private enum CodingKeys: String, CodingKey, CaseIterable {
        case reason, location, packet
    }

    init(from decoder: any Decoder) throws {
        try decoder.refuseKeys(outside: CodingKeys.self)
        let values = try decoder.container(keyedBy: CodingKeys.self)
        reason = try values.decode(String.self, forKey: .reason)
        location = try values.decode(String.self, forKey: .location)
        packet = try values.decodeIfPresent(String.self, forKey: .packet)
    }
}

struct ReturnDocument: Decodable {
    let tracer, value: String

    private enum CodingKeys: String, CodingKey, CaseIterable {
        case tracer, value
    }

    init(from decoder: any Decoder) throws {
        try decoder.refuseKeys(outside: CodingKeys.self)
        let values = try decoder.container(keyedBy: CodingKeys.self)
        tracer = try values.decode(String.self, forKey: .tracer)
        value = try values.decode(String.self, forKey: .value)
    }
}

struct ReasonDocument: Decodable {
    let name, cause, meaning: String
    let normal: Bool

    private enum CodingKeys: String, CodingKey, CaseIterable {
        case name, cause, meaning, normal
    }

    init(from decoder: any Decoder) throws {
        try decoder.refuseKeys(outside: CodingKeys.self)
        let values = try decoder.container(keyedBy: CodingKeys.self)
        name = try values.decode(String.self, forKey: .name)
        cause = try values.decode(String.self, forKey: .cause)
        meaning = try values.decode(String.self, forKey: .meaning)
        normal = try values.decodeIfPresent(Bool.self, forKey: .normal) ?? false
    }
}

struct CounterDocument: Decodable {
    let source, meaning: String
    let names, causes: [String]
    let trace: String?

    private enum CodingKeys: String, CodingKey, CaseIterable {
        case source, names, meaning, causes, trace
    }

    init(from decoder: any Decoder) throws {
        try decoder.refuseKeys(outside: CodingKeys.self)
        let values = try decoder.container(keyedBy: CodingKeys.self)
        source = try values.decode(String.self, forKey: .source)
        names = try values.decode([String].self, forKey: .names)
        meaning = try values.decode(String.self, forKey: .meaning)
        causes = try values.decodeIfPresent([String].self, forKey: .causes) ?? []
        trace = try values.decodeIfPresent(String.self, forKey: .trace)
    }
}
