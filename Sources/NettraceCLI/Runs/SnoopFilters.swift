import CaptureFiles
import FilterLanguage
import Protocols
import Snoop

/// The filters of a run, for each link type of the file: paths begin in the scope of its protocol.
struct SnoopFilters {
    /// The filter, and those that begin and end the run; nil for one that is not given.
    private struct Evaluators {
        let linkType: LinkType
        var filter: FilterEvaluator?
        var start: FilterEvaluator?
        var stop: FilterEvaluator?
    }

    private let texts: (filter: String, start: String?, stop: String?)
    private let macros: FilterMacros
    private let names: FilterNames
    private var all: [Evaluators] = []
    /// Place in `all`.
    private var current = 0
    /// The first filter that lacked operators, with these.
    private(set) var corrected: String?
    private(set) var warnings: [String] = []

    /// Files with more link types are refused.
    private static let limit = 64

    init(_ request: SnoopRequest, names: FilterNames) {
        texts = (request.filter, request.startOn, request.stopOn)
        macros = request.macros
        self.names = names
    }

    /// Reads the filters for packets of a link type.
    mutating func prepare(_ linkType: LinkType) throws {
        if current < all.count, all[current].linkType == linkType { return }
        if let known = all.firstIndex(where: { $0.linkType == linkType }) {
            current = known
            return
        }
        guard all.count < Self.limit else {
            throw RunError("the file has packets of more than \(Self.limit) link types")
        }
        let scope = linkType.protocolName ?? "ether"
        all.append(
            Evaluators(
                linkType: linkType,
                filter: try texts.filter.isEmpty ? nil : evaluator(texts.filter, scope),
                start: try texts.start.map { try evaluator($0, scope) },
                stop: try texts.stop.map { try evaluator($0, scope) }))
        current = all.count - 1
    }

    /// Reads the filters of a file without packets, so that their errors are found.
    mutating func requireRead() throws {
        if all.isEmpty { try prepare(.ethernet) }
    }

    private mutating func evaluator(_ text: String, _ scope: String) throws -> FilterEvaluator {
        var macros = macros
        do {
            let filter = try Filter(text, dataLink: scope, names: names, macros: &macros)
            if all.isEmpty { warnings += filter.warnings }
            if corrected == nil { corrected = filter.corrected }
            return FilterEvaluator(filter.expression)
        } catch {
            // `-c 1` after the filter would be a subtraction.
            let hasOption = text.split(separator: " ").contains {
                $0.hasPrefix("-") && $0.dropFirst().first?.isLetter == true
            }
            throw RunError("\(error)" + (hasOption ? "\n  options precede the filter" : ""))
        }
    }

    mutating func accepts(_ layers: borrowing PacketLayers, _ bytes: RawSpan) -> Bool {
        all[current].filter?.matches(layers, bytes) ?? true
    }

    mutating func starts(_ layers: borrowing PacketLayers, _ bytes: RawSpan) -> Bool {
        all[current].start?.matches(layers, bytes) ?? true
    }

    mutating func stops(_ layers: borrowing PacketLayers, _ bytes: RawSpan) -> Bool {
        all[current].stop?.matches(layers, bytes) ?? false
    }
}
