import Diagnosis
import FoundationEssentials

extension NamespaceView {
    /// Decodes the JSON that a command prints.
    func json<Value: Decodable>(_ type: Value.Type, of command: [String]) throws(InspectionFailure) -> Value {
        try decode(type, from: try output(of: command), of: command)
    }

    /// Decodes the JSON that a command has printed.
    func decode<Value: Decodable>(
        _: Value.Type, from text: String, of command: [String]
    ) throws(InspectionFailure) -> Value {
        do {
            return try JSONDecoder().decode(Value.self, from: Data(text.utf8))
        } catch {
            throw InspectionFailure("'\(command.joined(separator: " "))' printed something that is not understood")
        }
    }
}
