import CNettraceBPF
import FoundationEssentials

extension TracerCatalog {
    /// Decodes and checks a catalog in the format of tracers.json (docs/TRACERS.md).
    ///
    /// - Parameter json: the bytes of the file, UTF-8.
    public init(json: some Sequence<UInt8>) throws(TracerCatalogError) {
        let document = try Self.document(json, by: JSONDecoder())
        let isWhole = document.life != nil && document.netfilter != nil
        self = try CatalogBuilder.catalog(from: document, standard: isWhole ? nil : try .embedded())
    }

    /// The built-in catalog. Its keys are checked by a unit test, not at run time.
    public static func embedded() throws(TracerCatalogError) -> TracerCatalog { try builtIn.get() }

    /// Decoded once: a run reads tracers, causes and places of netfilter at different times.
    private static let builtIn = Result { () throws(TracerCatalogError) in
        let decoder = JSONDecoder()
        decoder.userInfo[.knowsAllKeys] = true
        return try CatalogBuilder.catalog(from: document(embeddedJSON, by: decoder), standard: nil)
    }

    private static func document(
        _ json: some Sequence<UInt8>, by decoder: JSONDecoder
    ) throws(TracerCatalogError) -> CatalogDocument {
        do {
            return try decoder.decode(CatalogDocument.self, from: Data(json))
        } catch {
            throw TracerCatalogError(decoding: error)
        }
    }

    /// The bytes of the built-in tracers.json, valid for the lifetime of the process.
    package static var embeddedJSON: UnsafeBufferPointer<UInt8> {
        UnsafeBufferPointer(start: nettrace_tracers_json, count: nettrace_tracers_json_size)
    }
}

extension TracerCatalogError {
    package init(decoding error: any Error) {
        switch error {
        case let error as UnknownKey:
            let near = nearestNames(to: error.key, in: error.known, limit: 1).first
            self = .invalid(
                path: jsonPath(error.path),
                problem: "unknown key \"\(error.key)\"",
                remedy: near.map { "did you mean \"\($0)\"?" } ?? "use \(error.known.joined(separator: ", "))")
        case DecodingError.keyNotFound(let key, let context):
            self = .invalid(
                path: jsonPath(context.codingPath),
                problem: "\"\(key.stringValue)\" is missing",
                remedy: "add it")
        case DecodingError.typeMismatch(let type, let context):
            self = .invalid(
                path: jsonPath(context.codingPath),
                problem: "the value has the wrong type",
                remedy: "write \(jsonName(of: type))")
        case DecodingError.valueNotFound(let type, let context):
            self = .invalid(
                path: jsonPath(context.codingPath),
                problem: "the value is null",
                remedy: "write \(jsonName(of: type))")
        case DecodingError.dataCorrupted(let context):
            self = .notJSON(reason: context.underlyingError.map { "\($0)" } ?? context.debugDescription)
        default:
            self = .notJSON(reason: "\(error)")
        }
    }
}

private func jsonPath(_ path: [any CodingKey]) -> String {
    path.reduce(into: "") { text, key in
        if let index = key.intValue {
            text += "[\(index)]"
        } else {
            text += text.isEmpty ? key.stringValue : ".\(key.stringValue)"
        }
    }
}

private func jsonName(of type: any Any.Type) -> String {
    switch type {
    case is String.Type: "a string"
    case is Int.Type: "a whole number"
    case is Bool.Type: "true or false"
    case is [String].Type: "a list of strings"
    case is any Collection.Type: "a list"
    default: "an object"
    }
}
