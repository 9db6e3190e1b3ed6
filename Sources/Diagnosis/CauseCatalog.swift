import FoundationEssentials
public import Tracers

/// All causes and drop reasons that tracers.json explains, and what proves which. A value: make it once, share it.
public struct CauseCatalog: Sendable {
    /// In the order of the file.
    public let causes: [Cause]
    /// In the order of the file.
    public let reasons: [DropReason]
    /// In the order of the file: of two that match a name, the first is meant.
    public let counters: [Counter]
    private let index: CauseIndex

    init(causes: [Cause], reasons: [DropReason], counters: [Counter], index: CauseIndex) {
        self.causes = causes
        self.reasons = reasons
        self.counters = counters
        self.index = index
    }

    /// Decodes and checks the keys `causes` and `reasons` of a catalog in the format of tracers.json
    /// (docs/TRACERS.md). A file that has neither gets those that were built into the program.
    ///
    /// - Parameters:
    ///   - json: the bytes of the file, UTF-8.
    ///   - tracers: the tree of the same file; return values refer to it.
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

    /// The causes that were built into the program.
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

    /// By any spelling: with or without `SKB_DROP_REASON_`, in upper or lower case.
    public func reason(named name: String) -> DropReason? {
        index.reasonByKey[DropReason.key(name)].map { reasons[$0] }
    }

    /// What a drop reason means; more exactly if it is known where the packet was dropped.
    ///
    /// - Parameters:
    ///   - name: any spelling.
    ///   - location: the kernel function that dropped it, with or without "+0x1f".
    ///   - packet: the kinds that the packet is of.
    /// - Returns: nil if the reason is not known here, or says nothing and the location does not decide.
    public func cause(forReason name: String, at location: String? = nil, packet: PacketKind = []) -> Cause? {
        let key = DropReason.key(name)
        if let refined = refined(reason: name, at: location, packet: packet) { return refined }
        if key == Self.unspecified { return location.flatMap { cause(forLocation: $0) } }
        return reason(named: name).flatMap { cause(named: $0.cause) }
    }

    /// What a reason means at one place, or for one kind of packets there; nil: no more than elsewhere.
    ///
    /// - Parameter name: any spelling; nil: the kernel gives none.
    func refined(reason name: String?, at location: String?, packet: PacketKind) -> Cause? {
        guard let location else { return nil }
        let found = refinements(ofReason: name, at: location)
        let special = found.first { refinement in refinement.kind.map { !packet.isDisjoint(with: $0) } ?? false }
        return (special ?? found.first { $0.kind == nil })?.cause
    }

    /// What a reason that says nothing means for one kind of packets, it means without a reason, too.
    func refinements(ofReason name: String?, at location: String) -> [(kind: PacketKind?, cause: Cause)] {
        let place = CauseIndex.Place(
            reason: DropReason.key(name ?? Self.unspecified), location: CauseIndex.function(location))
        return (index.causesByPlace[place] ?? []).filter { name != nil || $0.kind != nil }
            .map { ($0.kind, causes[$0.cause]) }
    }

    /// What the evidence for a cause may stand for as well.
    func alternatives(to cause: Cause) -> [Cause] { cause.alternatives.compactMap { self.cause(named: $0) } }

    /// What the kernel may have left such a packet unanswered for, in the order of the file.
    func causes(ofSilence silence: Silence) -> [Cause] { causes.filter { $0.silences.contains(silence) } }

    /// What packets freed in a kernel function without a reason may have died of; none: nothing is known.
    public func causes(atLocation location: String) -> [Cause] {
        (index.causesByLocation[CauseIndex.function(location)] ?? []).map { causes[$0] }
    }

    /// The same where the location alone decides; nil where it leaves several, or is not known.
    public func cause(forLocation location: String) -> Cause? {
        let found = causes(atLocation: location)
        return found.count == 1 ? found[0] : nil
    }

    /// What it means that a traced function returned this value, taken as a signed number of the function's type.
    public func cause(forReturn value: Int64, of tracer: String) -> Cause? {
        index.causeByResult[CauseIndex.Result(tracer: tracer, value: value)].map { causes[$0] }
    }

    /// True if packets get this reason in normal operation. Unknown reasons are not normal.
    public func isNormal(reason name: String) -> Bool {
        reason(named: name)?.isNormal ?? false
    }

    /// Reasons that stand for a cause, in the order of the file.
    public func reasons(of cause: Cause) -> [DropReason] {
        reasons.filter { $0.cause == cause.slug }
    }

    /// SKB_DROP_REASON_NOT_SPECIFIED: what older places in the kernel give.
    static let unspecified = "NOT_SPECIFIED"
    /// The slug of what is no loss.
    static let consumed = "consumed"
}
