import FoundationEssentials

/// The part of JSON Schema 2020-12 that docs/event.schema.json uses.
struct SchemaValidator {
    let root: JSONValue

    /// The published schema.
    init(_ name: String = "event") throws {
        let path = #filePath.split(separator: "/").dropLast(4).joined(separator: "/")
        let data = try Data(contentsOf: URL(filePath: "/" + path + "/docs/\(name).schema.json"))
        root = try JSONDecoder().decode(JSONValue.self, from: data)
    }

    /// The errors of a line; empty if it is valid.
    func problems(_ line: String) -> [String] {
        guard let value = try? JSONValue.parse(line) else { return ["not JSON: " + line] }
        guard case .string(let type)? = value["type"], let schema = root["$defs"]?[type] else {
            return ["no schema for " + line]
        }
        return problems(value, schema, type)
    }

    /// The same for a line of a given kind.
    func problems(_ line: String, of kind: String) -> [String] {
        guard let value = try? JSONValue.parse(line), let schema = root["$defs"]?[kind] else {
            return ["not JSON, or no schema: " + line]
        }
        return problems(value, schema, kind)
    }

    private func problems(_ value: JSONValue, _ schema: JSONValue, _ path: String) -> [String] {
        if case .string(let reference)? = schema["$ref"] {
            let name = String(reference.split(separator: "/").last ?? "")
            guard let target = root["$defs"]?[name] else { return ["dangling reference " + reference] }
            return problems(value, target, path)
        }
        if let constant = schema["const"] {
            return constant == value ? [] : ["\(path) is not \(constant)"]
        }
        if case .array(let choices)? = schema["enum"] {
            return choices.contains(value) ? [] : ["\(path) is none of the choices"]
        }
        if case .array(let types)? = schema["type"] {
            let fits = types.contains { problems(value, .object(["type": $0]), path).isEmpty }
            return fits ? [] : ["\(path) is of none of the types"]
        }
        guard case .string(let type)? = schema["type"] else { return ["\(path): schema without type"] }
        switch (type, value) {
        case ("boolean", .bool): return []
        case ("integer", .number(let number)):
            return numberProblems(number, schema, path) + (number == number.rounded() ? [] : ["\(path) is no integer"])
        case ("number", .number(let number)): return numberProblems(number, schema, path)
        case ("string", .string(let text)): return stringProblems(text, schema, path)
        case ("array", .array(let elements)):
            guard let items = schema["items"] else { return ["\(path): schema without items"] }
            return elements.flatMap { problems($0, items, path + "[]") }
        case ("object", .object(let members)): return objectProblems(members, schema, path)
        default: return ["\(path) is not \(type)"]
        }
    }

    private func numberProblems(_ number: Double, _ schema: JSONValue, _ path: String) -> [String] {
        if case .number(let minimum)? = schema["minimum"], number < minimum { return ["\(path) too small"] }
        if case .number(let maximum)? = schema["maximum"], number > maximum { return ["\(path) too large"] }
        return []
    }

    private func stringProblems(_ text: String, _ schema: JSONValue, _ path: String) -> [String] {
        guard case .string(let pattern)? = schema["pattern"] else { return [] }
        guard let regex = try? Regex(pattern) else { return ["\(path): bad pattern"] }
        return text.contains(regex) ? [] : ["\(path) '\(text)' does not match \(pattern)"]
    }

    private func objectProblems(_ members: [String: JSONValue], _ schema: JSONValue, _ path: String) -> [String] {
        var found: [String] = []
        if case .array(let required)? = schema["required"] {
            for case .string(let key) in required where members[key] == nil {
                found.append("\(path).\(key) is missing")
            }
        }
        for (key, value) in members {
            if let property = schema["properties"]?[key] {
                found += problems(value, property, path + "." + key)
            } else {
                found.append("\(path).\(key) is not in the schema")
            }
        }
        return found
    }
}
