import Events
import FilterLanguage
import Protocols
import Snoop

/// A filter of netsnoop's language over the headers of recorded events (`read --display`).
struct DisplayFilter {
    private var evaluator: FilterEvaluator
    private var layers = PacketLayers()

    /// The number by which the first header of a frame with and without Ethernet is announced.
    private static let ethernet = ProtocolNumber.link(1)

    /// Prints the corrected filter in brackets, if operators were missing.
    init(_ text: String) throws {
        let filter: Filter
        do {
            filter = try Filter(text, names: SystemNames.ofThisMachine().filterNames(ProtocolOptions()))
        } catch {
            throw RunError("--display: \(error)")
        }
        var messages = OutputSink.messages
        if let corrected = filter.corrected { messages.write("[\(corrected)]\n") }
        evaluator = FilterEvaluator(filter.expression)
    }

    /// Whether an event's packet matches; an event without headers does not.
    mutating func matches(_ event: EventView) -> Bool {
        guard let section = event.packet else { return false }
        layers.walk(
            section.bytes,
            from: event.flags.contains(.link) ? Self.ethernet : .etherType(event.etherType),
            length: Int(event.length) + event.dataOffset)
        return evaluator.matches(layers, section.bytes)
    }
}
