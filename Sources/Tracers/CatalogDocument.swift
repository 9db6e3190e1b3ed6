/// tracers.json as written, without the keys that the module Diagnosis reads. Types and keys are checked here, contents in
/// `CatalogBuilder`.
struct CatalogDocument: Decodable {
    let tree: GroupDocument
    /// nil: as in the built-in file.
    let life: LifeDocument?
    let netfilter: NetfilterDocument?

    private enum CodingKeys: String, CodingKey { case life, netfilter }

    init(from decoder: any Decoder) throws {
        tree = try GroupDocument(from: decoder)
        let values = try decoder.container(keyedBy: CodingKeys.self)
        life = try values.decodeIfPresent(LifeDocument.self, forKey: .life)
        netfilter = try values.decodeIfPresent(NetfilterDocument.self, forKey: .netfilter)
    }
}

/// A group and all below it.
struct GroupDocument: Decodable {
    let name: String
    let description: String
    let role: String?
    let includes: [String]
    let groups: [GroupDocument]
    let tracers: [TracerDocument]

    private enum CodingKeys: String, CodingKey, CaseIterable {
        case name, description, role, includes, groups, tracers
    }

    init(from decoder: any Decoder) throws {
        try decoder.refuseKeys(outside: CodingKeys.self, except: decoder.codingPath.isEmpty ? CatalogKeys.root : [])
        let values = try decoder.container(keyedBy: CodingKeys.self)
        name = try values.decode(String.self, forKey: .name)
        description = try values.decode(String.self, forKey: .description)
        role = try values.decodeIfPresent(String.self, forKey: .role)
        includes = try values.decodeIfPresent([String].self, forKey: .includes) ?? []
        groups = try values.decodeIfPresent([GroupDocument].self, forKey: .groups) ?? []
        tracers = try values.decodeIfPresent([TracerDocument].self, forKey: .tracers) ?? []
    }
}

struct TracerDocument: Decodable {
    let name: String
    let kernel: [String]?
    let kind: String?
    let flags: [String]
    let description: String
    let fallback: FallbackDocument?
    let insteadOf: String?
    let role: String?
    let returns: String?
    let event: String?

    private enum CodingKeys: String, CodingKey, CaseIterable {
        case name, kernel, kind, flags, description, fallback, role, returns, event
        case insteadOf = "instead_of"
    }

    init(from decoder: any Decoder) throws {
        try decoder.refuseKeys(outside: CodingKeys.self)
        let values = try decoder.container(keyedBy: CodingKeys.self)
        name = try values.decode(String.self, forKey: .name)
        kernel = try values.decodeIfPresent([String].self, forKey: .kernel)
        kind = try values.decodeIfPresent(String.self, forKey: .kind)
        flags = try values.decodeIfPresent([String].self, forKey: .flags) ?? []
        description = try values.decode(String.self, forKey: .description)
        fallback = try values.decodeIfPresent(FallbackDocument.self, forKey: .fallback)
        insteadOf = try values.decodeIfPresent(String.self, forKey: .insteadOf)
        role = try values.decodeIfPresent(String.self, forKey: .role)
        returns = try values.decodeIfPresent(String.self, forKey: .returns)
        event = try values.decodeIfPresent(String.self, forKey: .event)
    }
}

struct FallbackDocument: Decodable {
    let skb: Int
    let offset: Int?

    private enum CodingKeys: String, CodingKey, CaseIterable {
        case skb, offset
    }

    init(from decoder: any Decoder) throws {
        try decoder.refuseKeys(outside: CodingKeys.self)
        let values = try decoder.container(keyedBy: CodingKeys.self)
        skb = try values.decode(Int.self, forKey: .skb)
        offset = try values.decodeIfPresent(Int.self, forKey: .offset)
    }
}

/// A key in the file that the format does not define.
struct UnknownKey: Error {
    let path: [any CodingKey]
    let key: String
    let known: [String]
}

private struct AnyKey: CodingKey {
    let stringValue: String
    var intValue: Int? { nil }

    init(stringValue: String) {
        self.stringValue = stringValue
    }

    init?(intValue: Int) {
        nil
    }
}

/// Keys of the root that are not part of the tree.
enum CatalogKeys {
    /// The module Diagnosis reads the last three.
    static let root = ["life", "netfilter", "causes", "reasons", "counters"]
}

extension CodingUserInfoKey {
    /// Set for a file whose keys are known to be valid: checking them costs as much as decoding.
    package static let knowsAllKeys = CodingUserInfoKey(rawValue: "nettrace.knowsAllKeys").unsafelyUnwrapped
}

extension Decoder {
    /// Throws for unknown keys. JSONDecoder ignores them, but in a file that is edited by hand they are typing errors.
    package func refuseKeys<Key: CodingKey & CaseIterable>(outside: Key.Type, except others: [String] = []) throws {
        guard userInfo[.knowsAllKeys] == nil else { return }
        let known = Key.allCases.map(\.stringValue) + others
        for key in try container(keyedBy: AnyKey.self).allKeys where !known.contains(key.stringValue) {
            throw UnknownKey(path: codingPath, key: key.stringValue, known: known)
        }
    }
}
