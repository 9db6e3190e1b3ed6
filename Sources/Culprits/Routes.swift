import Diagnosis
import FoundationEssentials

/// A route as `ip -j route get` prints it.
struct RouteAnswer: Decodable {
    var dev: String?
    var gateway: String?
    var prefsrc: String?
    var type: String?
    var table: String?
    var metrics: [Metrics]?

    struct Metrics: Decodable {
        var mtu: Int?
    }
}

extension NamespaceView {
    /// The route that the kernel would use; nil if it has none or refuses the query.
    func route(to address: String, from source: String? = nil, by device: String? = nil, mark: UInt32 = 0)
        throws(InspectionFailure) -> RouteAnswer?
    {
        var command = ["ip", "-j", "route", "get", address]
        if let source { command += ["from", source] }
        if let device { command += ["iif", device] }
        if mark != 0 { command += ["mark", String(mark)] }
        let text: String
        do throws(InspectionFailure) {
            text = try output(of: command)
        } catch {
            return nil
        }
        return try decode([RouteAnswer].self, from: text, of: command).first
    }

    /// Decodes the JSON that a command printed.
    func decode<Value: Decodable>(
        _: Value.Type, from text: String, of command: [String]
    ) throws(InspectionFailure) -> Value {
        do {
            return try JSONDecoder().decode(Value.self, from: Data(text.utf8))
        } catch {
            throw InspectionFailure("'\(command.joined(separator: " "))' printed something that is not understood")
        }
    }

    func json<Value: Decodable>(_ type: Value.Type, of command: [String]) throws(InspectionFailure) -> Value {
        try decode(type, from: try output(of: command), of: command)
    }
}
