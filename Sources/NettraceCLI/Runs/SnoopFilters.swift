import CaptureFiles
import FilterLanguage
import PacketFilter
import Protocols
import Snoop

/// The filters of a run, for each link type of the file: paths begin in the scope of its protocol.
struct SnoopFilters {
    /// The filter, and those that begin and end the run; nil for one that is not given.
    private struct Evaluators {
        let linkType: LinkType
        var expression: FilterExpression?
        var filter: FilterEvaluator?
        var start: FilterEvaluator?
        var stop: FilterEvaluator?
        var stream: FilterEvaluator?
    }

    private let texts: (filter: String, start: String?, stop: String?, stream: String?)
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
    /// Bytes at the start of a packet; the kernel's part reads nothing beyond them.
    private static let prefilterLength = 128

    init(_ request: SnoopRequest, names: FilterNames) {
        texts = (request.filter, request.startOn, request.stopOn, request.follow)
        macros = request.macros
        self.names = names
    }

    /// Whether there is no filter.
    var isEmpty: Bool { texts.filter.isEmpty }

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
        func evaluator(_ text: String?) throws -> FilterEvaluator? {
            try text.map { FilterEvaluator(try expression($0, scope)) }
        }
        let filter = try texts.filter.isEmpty ? nil : expression(texts.filter, scope)
        all.append(
            Evaluators(
                linkType: linkType, expression: filter, filter: filter.map { FilterEvaluator($0) },
                start: try evaluator(texts.start), stop: try evaluator(texts.stop),
                stream: try evaluator(texts.stream)))
        current = all.count - 1
    }

    /// Reads the filters of a file without packets, so that their errors are found.
    mutating func requireRead() throws {
        if all.isEmpty { try prepare(.ethernet) }
    }

    private mutating func expression(_ text: String, _ scope: String) throws -> FilterExpression {
        var macros = macros
        do {
            let filter = try Filter(text, dataLink: scope, names: names, macros: &macros)
            if all.isEmpty { warnings += filter.warnings }
            if corrected == nil { corrected = filter.corrected }
            return filter.expression
        } catch {
            // `-c 1` after the filter would be a subtraction.
            let hasOption = text.split(separator: " ").contains {
                $0.hasPrefix("-") && $0.dropFirst().first?.isLetter == true
            }
            throw RunError("\(error)" + (hasOption ? "\n  options precede the filter" : ""))
        }
    }

    /// The part of the filter that the kernel can decide about packets of Ethernet, if it needs no others: for numbers of
    /// all received packets, for the analysis of connections, for the packets before a start and after a stop, and for
    /// streams all packets count. Packets that are cut need the whole filter.
    func prefilter(_ request: SnoopRequest) -> PacketPrefilter? {
        let isCut = request.length.map { $0 < Self.prefilterLength } ?? false
        guard !request.numbersReceived, !request.analyses, !isCut,
            request.startOn == nil, request.stopOn == nil, request.follow == nil
        else { return nil }
        return all.first { $0.linkType == .ethernet }?.expression.flatMap { PacketPrefilter($0) }
    }

    mutating func accepts(_ layers: borrowing PacketLayers, _ bytes: RawSpan) -> Bool {
        all[current].filter?.matches(layers, bytes) ?? true
    }

    mutating func starts(_ layers: borrowing PacketLayers, _ bytes: RawSpan) -> Bool {
        all[current].start?.matches(layers, bytes) ?? true
    }

    /// Whether the connection of a packet is the one to follow.
    mutating func selectsStream(_ layers: borrowing PacketLayers, _ bytes: RawSpan) -> Bool {
        all[current].stream?.matches(layers, bytes) ?? false
    }

    mutating func stops(_ layers: borrowing PacketLayers, _ bytes: RawSpan) -> Bool {
        all[current].stop?.matches(layers, bytes) ?? false
    }
}
