import Glibc

/// Names by number that only a scan of everything can find. The cache scans again when it is asked for an unknown
/// number, but not so often that the trace suffers.
///
/// A scan takes time while records wait in the ring. So the next scan may start after ten times the duration of the
/// last one, but after 5 s at the latest. Names are looked up anew after 5 s; until then, a number that a scan did not
/// find is not searched for again.
struct ScannedNames<Name> {
    private var known: [UInt64: Name] = [:]
    private var missing: Set<UInt64> = []
    /// Numbers with a provisional name → the time until which they are looked up again.
    private var provisional: [UInt64: UInt64] = [:]
    private var refreshAt: UInt64 = 0
    private var nextScanAt: UInt64 = 0

    private let limit: Int
    private let now: () -> UInt64
    private let isProvisional: (Name) -> Bool
    private let scan: () -> [UInt64: Name]

    private static var shortestPause: UInt64 { 20_000_000 }
    /// Names change: a server hands its sockets on to other processes.
    private static var longestAge: UInt64 { 5_000_000_000 }
    /// A server that forks holds an accepted socket together with its child for a moment.
    private static var provisionalTime: UInt64 { 1_000_000_000 }

    /// - Parameters:
    ///   - limit: maximum number of names that are kept for objects that no longer exist, whose events may still be
    ///     shown.
    ///   - now: nanoseconds of any clock that only goes forward.
    ///   - isProvisional: whether a name that is found for the first time may soon be another. Such names are looked up
    ///     again during the next second.
    ///   - scan: returns everything that exists now.
    init(
        limit: Int, now: @escaping () -> UInt64 = monotonicNow,
        isProvisional: @escaping (Name) -> Bool = { _ in false }, scan: @escaping () -> [UInt64: Name]
    ) {
        self.limit = limit
        self.now = now
        self.isProvisional = isProvisional
        self.scan = scan
    }

    /// The name of `number`; nil if it has none, or if it is too early to scan again.
    mutating func name(of number: UInt64) -> Name? {
        let time = now()
        let name = known[number]
        let isStale = time >= refreshAt
        let isUncertain =
            provisional[number].map { time < $0 } ?? (name == nil && !missing.contains(number))
        guard isStale || isUncertain, time >= nextScanAt else { return name }
        if isStale || missing.count >= limit { missing.removeAll(keepingCapacity: true) }
        look(since: time)
        guard let found = known[number] else {
            missing.insert(number)
            return nil
        }
        return found
    }

    private mutating func look(since start: UInt64) {
        let found = scan()
        let deadline = now() + Self.provisionalTime
        provisional = provisional.filter { $0.value > start && found[$0.key].map(isProvisional) == true }
        for (number, name) in found where known[number] == nil && isProvisional(name) { provisional[number] = deadline }
        if known.count + found.count > limit {
            known = found
        } else {
            known.merge(found) { $1 }
        }
        let end = now()
        nextScanAt = end + min(max(Self.shortestPause, (end - start) * 10), Self.longestAge)
        refreshAt = end + Self.longestAge
    }
}

/// CLOCK_MONOTONIC in nanoseconds.
func monotonicNow() -> UInt64 {
    var time = timespec()
    clock_gettime(CLOCK_MONOTONIC, &time)
    return UInt64(time.tv_sec) * 1_000_000_000 + UInt64(time.tv_nsec)
}
