/// Which ends of packets look like drops and are part of normal operation: the one place where every view, `explain` and the
/// programs in the kernel learn it, from the causes and reasons of tracers.json.
public struct NormalEnds: Sendable {
    /// Which packets end so without a fault.
    public enum Answer: Sendable, Equatable {
        case none
        case only(PacketKind)
        case all
    }

    /// A kernel function in which such packets end.
    public struct Place: Sendable, Equatable {
        public let function: String
        /// With or without SKB_DROP_REASON_; nil: the kernel gives none.
        public let reason: String?
        /// One of them is enough; nil: all packets.
        public let kind: PacketKind?
    }

    private let causes: CauseCatalog

    public init(_ causes: CauseCatalog) { self.causes = causes }

    /// Part of normal operation wherever it is given.
    public func contains(reason: String) -> Bool { causes.isNormal(reason: reason) }

    /// - Parameters:
    ///   - reason: as the kernel spells it; nil where it gives none.
    ///   - function: that freed the packet; nil where it is not known.
    public func answer(reason: String?, function: String?) -> Answer {
        let key = DropReason.key(reason ?? CauseCatalog.unspecified)
        guard let function else { return contains(reason: key) ? .all : .none }
        if key == CauseCatalog.unspecified && endsUnsaid(in: function) { return .all }
        let harmless = causes.refinements(ofReason: reason, at: function).filter { isHarmless($0.cause) }
        if harmless.contains(where: { $0.kind == nil }) || contains(reason: key) { return .all }
        return harmless.isEmpty ? .none : .only(harmless.reduce([]) { $0.union($1.kind ?? []) })
    }

    /// All of them, for whoever looks for them by address: a function and reason once.
    ///
    /// - Parameter givesReasons: the kernel does.
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

    /// Without a word, packets are freed there in normal operation only, or cannot be told from those.
    private func endsUnsaid(in function: String) -> Bool {
        let here = causes.causes(atLocation: function)
        return here.contains { $0.slug == CauseCatalog.consumed } || !here.isEmpty && here.allSatisfy(isHarmless)
    }

    /// Nobody misses a packet that ends of it, unless it was asked for by what it looks like.
    private func isHarmless(_ cause: Cause) -> Bool { cause.severity == .normal || cause.isStray }
}
