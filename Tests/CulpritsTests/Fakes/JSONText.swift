import FoundationEssentials

/// A JSON value of any type, as tools print it.
struct JSONText: Decodable {
    var text: String?
    var number: Int?
    var list: [JSONText] = []
    var members: [String: JSONText] = [:]
    var isTrue = false

    subscript(key: String) -> JSONText? { members[key] }

    init(from decoder: any Decoder) throws {
        let value = try decoder.singleValueContainer()
        if let text = try? value.decode(String.self) {
            self.text = text
        } else if let isTrue = try? value.decode(Bool.self) {
            self.isTrue = isTrue
        } else if let number = try? value.decode(Int.self) {
            self.number = number
        } else if let list = try? value.decode([JSONText].self) {
            self.list = list
        } else if let members = try? value.decode([String: JSONText].self) {
            self.members = members
        }
    }

    /// The objects of a list; nil if the text is not JSON.
    static func objects(_ text: String) -> [[String: JSONText]]? {
        try? JSONDecoder().decode([JSONText].self, from: Data(text.utf8)).map(\.members)
    }
}
