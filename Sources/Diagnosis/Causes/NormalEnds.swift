/// Ends of packets that look like drops but are part of normal operation. All views, `explain` and the kernel programs use this
/// type, which derives them from the causes and reasons of tracers.json.
public struct NormalEnds: Sendable {
    /// The packets for which an end is normal.
    public enum Answer: Sendable, Equatable {
        case none
        case only(PacketKind)
        case all
    }

    /// A kernel function in which packets end normally.
    public struct Place: Sendable, Equatable {
        public let function: String
        /// With or without SKB_DROP_REASON_; nil if the kernel gives none.
        public let reason: String?
        /// The packet must be of one of these kinds; nil for all packets.
        public let kind: PacketKind?
    }

    private let causes: CauseCatalog

    public init(_ causes: CauseCatalog) { self.causes = causes }

    /// Whether the reason is part of normal operation in every function.
    public func contains(reason: String) -> Bool { causes.isNormal(reason: reason) }

    /// - Parameters:
    ///   - reason: as the kernel spells it; nil if it gives none.
    ///   - function: the function that freed the packet; nil if not known.
    public func answer(reason: String?, function: String?) -> Answer {
        let key = DropReason.key(reason ?? CauseCatalog.unspecified)
        guard let function else { return contains(reason: key) ? .all : .none }
        if key == CauseCatalog.unspecified && endsUnsaid(in: function) { return .all }
        let harmless = causes.refinements(ofReason: reason, at: function).filter { isHarmless($0.cause) }
        if harmless.contains(where: { $0.kind == nil }) || contains(reason: key) { return .all }
        return harmless.isEmpty ? .none : .only(harmless.reduce([]) { $0.union($1.kind ?? []) })
    }

    /// All normal ends, each function and reason once, for lookups by address.
    ///
    /// - Parameter givesReasons: whether the kernel gives drop reasons.
    public func places(givesReasons: Bool) -> [Place] {
        let unsaid = givesReasons ? CauseCatalog.unspecified : nil
        var candidates: [(function: String, reason: String?)] = []
        for cause in causes.causes where isHarmless(cause) {
            for refinement in cause.refinements {
                let isUnsaid = DropReason.key(refinement.reason) == CauseCatalog.unspecified
                guard givesReasons || isUnsaid else { continue }
                candidates.append((refinement.location, isUnsaid ? unsaid : refinement.reason))
            }
            candidates += cause.locations.map { ($0, unsaid) }
        }
        var places: [Place] = []
        for (function, reason) in candidates
        where !places.contains(where: { $0.function == function && $0.reason == reason }) {
            switch answer(reason: reason, function: function) {
            case .none: continue
            case .all: places.append(Place(function: function, reason: reason, kind: nil))
            case .only(let kinds): places.append(Place(function: function, reason: reason, kind: kinds))
            }
        }
        return places
    }

    /// Whether packets freed in the function without a reason end normally, or cannot be distinguished from those that do.
    private func endsUnsaid(in function: String) -> Bool {
        let here = causes.causes(atLocation: function)
        return here.contains { $0.slug == CauseCatalog.consumed } || !here.isEmpty && here.allSatisfy(isHarmless)
    }

    /// Whether ends for the cause do not count, unless the user selected the packets by their contents.
    private func isHarmless(_ cause: Cause) -> Bool { cause.severity == .normal || cause.isStray }
}
