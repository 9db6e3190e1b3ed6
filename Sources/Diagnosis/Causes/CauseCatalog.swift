import FoundationEssentials
public import Tracers

/// All causes and drop reasons of tracers.json, with lookups by evidence. A value: create it once and share it.
public struct CauseCatalog: Sendable {
    /// In the order of the file.
    public let causes: [Cause]
    /// In the order of the file.
    public let reasons: [DropReason]
    /// In the order of the file: if several match a name, the first counts.
    public let counters: [Counter]
    private let index: CauseIndex
    private let explainedRequests: Set<UnansweredRequest>

    init(causes: [Cause], reasons: [DropReason], counters: [Counter], index: CauseIndex) {
        self.causes = causes
        self.reasons = reasons
        self.counters = counters
        self.index = index
        explainedRequests = Set(causes.flatMap(\.unansweredRequests))
    }

    /// Decodes and checks the keys `causes`, `reasons` and `counters` of a catalog in the format of tracers.json
    /// (docs/TRACERS.md). A file without `causes` and `reasons` gets the built-in catalog.
    ///
    /// - Parameters:
    ///   - json: the bytes of the file, UTF-8.
    ///   - tracers: the tracer tree of the same file, to which return values refer.
    public init(json: some Sequence<UInt8>, tracers: TracerCatalog) throws(TracerCatalogError) {
        let document: DiagnosisDocument
        do {
            document = try JSONDecoder().decode(DiagnosisDocument.self, from: Data(json))
        } catch {
            throw TracerCatalogError(decoding: error)
        }
        guard document.causes != nil || document.reasons != nil else {
            self = try .embedded()
            return
        }
        self = try CauseBuilder.catalog(from: document, tracers: tracers)
    }

    /// The built-in catalog.
    public static func embedded() throws(TracerCatalogError) -> CauseCatalog {
        let document: DiagnosisDocument
        do {
            document = try JSONDecoder().decode(DiagnosisDocument.self, from: Data(TracerCatalog.embeddedJSON))
        } catch {
            throw TracerCatalogError(decoding: error)
        }
        return try CauseBuilder.catalog(from: document, tracers: try .embedded())
    }

    public func cause(named slug: String) -> Cause? {
        index.causeBySlug[slug].map { causes[$0] }
    }

    /// Accepts any spelling: with or without `SKB_DROP_REASON_`, in upper or lower case.
    public func reason(named name: String) -> DropReason? {
        index.reasonByKey[DropReason.key(name)].map { reasons[$0] }
    }

    /// The meaning of a drop reason, more precise if the function that dropped the packet is known.
    ///
    /// - Parameters:
    ///   - name: any spelling.
    ///   - location: the kernel function that dropped the packet, with or without "+0x1f".
    ///   - packet: the kinds to which the packet belongs.
    /// - Returns: nil if the reason is unknown, or if it is unspecified and the location does not decide.
    public func cause(forReason name: String, at location: String? = nil, packet: PacketKind = []) -> Cause? {
        let key = DropReason.key(name)
        if let refined = refined(reason: name, at: location, packet: packet) { return refined }
        if key == Self.unspecified { return location.flatMap { cause(forLocation: $0) } }
        return reason(named: name).flatMap { cause(named: $0.cause) }
    }

    /// The special meaning of a reason in one function, or for one kind of packets there; nil if there is none.
    ///
    /// - Parameter name: any spelling; nil if the kernel gives no reason.
    func refined(reason name: String?, at location: String?, packet: PacketKind) -> Cause? {
        guard let location else { return nil }
        let found = refinements(ofReason: name, at: location)
        let special = found.first { refinement in refinement.kind.map { !packet.isDisjoint(with: $0) } ?? false }
        return (special ?? found.first { $0.kind == nil })?.cause
    }

    /// Without a reason, the meanings of NOT_SPECIFIED for single kinds of packets apply as well.
    func refinements(ofReason name: String?, at location: String) -> [(kind: PacketKind?, cause: Cause)] {
        let place = CauseIndex.Place(
            reason: DropReason.key(name ?? Self.unspecified), location: CauseIndex.function(location))
        return (index.causesByPlace[place] ?? []).filter { name != nil || $0.kind != nil }
            .map { ($0.kind, causes[$0.cause]) }
    }

    /// Other causes with the same evidence.
    func alternatives(to cause: Cause) -> [Cause] { cause.alternatives.compactMap { self.cause(named: $0) } }

    /// Causes for which the kernel may leave such a packet unanswered, in the order of the file.
    func causes(ofUnanswered unanswered: UnansweredRequest) -> [Cause] {
        causes.filter { $0.unansweredRequests.contains(unanswered) }
    }

    /// Whether there is such a cause. Asked for every packet that demands an answer.
    func hasCause(ofUnanswered unanswered: UnansweredRequest) -> Bool { explainedRequests.contains(unanswered) }

    /// Possible causes of packets freed in a kernel function without a reason; empty if the function is unknown.
    public func causes(atLocation location: String) -> [Cause] {
        (index.causesByLocation[CauseIndex.function(location)] ?? []).map { causes[$0] }
    }

    /// The cause if the location alone decides; nil if it is unknown or leaves several causes.
    public func cause(forLocation location: String) -> Cause? {
        let found = causes(atLocation: location)
        return found.count == 1 ? found[0] : nil
    }

    /// The cause that a return value proves. The value is a signed number of the function's type.
    public func cause(forReturn value: Int64, of tracer: String) -> Cause? {
        index.causeByResult[CauseIndex.Result(tracer: tracer, value: value)].map { causes[$0] }
    }

    /// True if packets get this reason in normal operation. Unknown reasons are not normal.
    public func isNormal(reason name: String) -> Bool {
        reason(named: name)?.isNormal ?? false
    }

    /// Drop reasons that mean a cause, in the order of the file.
    public func reasons(of cause: Cause) -> [DropReason] {
        reasons.filter { $0.cause == cause.slug }
    }

    /// SKB_DROP_REASON_NOT_SPECIFIED, which kernel code without a specific reason reports.
    static let unspecified = "NOT_SPECIFIED"
    /// Slug of the cause for packets that are not lost.
    static let consumed = "consumed"
}
