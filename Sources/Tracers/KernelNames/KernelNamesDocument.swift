/// The key `life` of tracers.json as written. Types and keys are checked here, contents in `CatalogBuilder`.
struct LifeDocument: Decodable {
    struct Place: Decodable {
        let functions: [String]
        let complete: Bool
        let unless: String?

        private enum CodingKeys: String, CodingKey, CaseIterable { case functions, complete, unless }

        init(from decoder: any Decoder) throws {
            try decoder.refuseKeys(outside: CodingKeys.self)
            let values = try decoder.container(keyedBy: CodingKeys.self)
            functions = try values.decode([String].self, forKey: .functions)
            complete = try values.decodeIfPresent(Bool.self, forKey: .complete) ?? false
            unless = try values.decodeIfPresent(String.self, forKey: .unless)
        }
    }

    struct Fragments: Decodable {
        let always, afterWhole: [String]

        private enum CodingKeys: String, CodingKey, CaseIterable {
            case always
            case afterWhole = "after_whole"
        }

        init(from decoder: any Decoder) throws {
            try decoder.refuseKeys(outside: CodingKeys.self)
            let values = try decoder.container(keyedBy: CodingKeys.self)
            always = try values.decode([String].self, forKey: .always)
            afterWhole = try values.decode([String].self, forKey: .afterWhole)
        }
    }

    let links, ends: [Place]
    let consumption, drop: String
    let fragments: Fragments

    private enum CodingKeys: String, CodingKey, CaseIterable { case links, ends, consumption, drop, fragments }

    init(from decoder: any Decoder) throws {
        try decoder.refuseKeys(outside: CodingKeys.self)
        let values = try decoder.container(keyedBy: CodingKeys.self)
        links = try values.decode([Place].self, forKey: .links)
        ends = try values.decode([Place].self, forKey: .ends)
        consumption = try values.decode(String.self, forKey: .consumption)
        drop = try values.decode(String.self, forKey: .drop)
        fragments = try values.decode(Fragments.self, forKey: .fragments)
    }
}

/// The key `netfilter` of tracers.json as written.
struct NetfilterDocument: Decodable {
    struct Caller: Decodable {
        let hook: String
        let functions: [String]
        let family, outputAfter: String?
        let bridged: Bool

        private enum CodingKeys: String, CodingKey, CaseIterable {
            case hook, functions, family, bridged
            case outputAfter = "output_after"
        }

        init(from decoder: any Decoder) throws {
            try decoder.refuseKeys(outside: CodingKeys.self)
            let values = try decoder.container(keyedBy: CodingKeys.self)
            hook = try values.decode(String.self, forKey: .hook)
            functions = try values.decode([String].self, forKey: .functions)
            family = try values.decodeIfPresent(String.self, forKey: .family)
            bridged = try values.decodeIfPresent(Bool.self, forKey: .bridged) ?? false
            outputAfter = try values.decodeIfPresent(String.self, forKey: .outputAfter)
        }
    }

    struct Engines: Decodable {
        let nftables, xtables: [String]

        private enum CodingKeys: String, CodingKey, CaseIterable { case nftables, xtables }

        init(from decoder: any Decoder) throws {
            try decoder.refuseKeys(outside: CodingKeys.self)
            let values = try decoder.container(keyedBy: CodingKeys.self)
            nftables = try values.decode([String].self, forKey: .nftables)
            xtables = try values.decode([String].self, forKey: .xtables)
        }
    }

    let callers: [Caller]
    let queues: [String]
    let engines: Engines

    private enum CodingKeys: String, CodingKey, CaseIterable { case callers, queues, engines }

    init(from decoder: any Decoder) throws {
        try decoder.refuseKeys(outside: CodingKeys.self)
        let values = try decoder.container(keyedBy: CodingKeys.self)
        callers = try values.decode([Caller].self, forKey: .callers)
        queues = try values.decode([String].self, forKey: .queues)
        engines = try values.decode(Engines.self, forKey: .engines)
    }
}
