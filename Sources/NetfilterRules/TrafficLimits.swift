/// The most that can have passed a hook in some time.
struct TrafficBound: Sendable, Equatable {
    var packets: UInt64
    /// From the network header on.
    var bytes: UInt64
    /// Up to the packet's end. nil: since the network namespace was made.
    var nanoseconds: UInt64?
}

/// A token bucket: `limit` of nft and iptables, `hashlimit`. It is full when it is made
/// (net/netfilter/nft_limit.c, nft_limit_init; xt_limit.c, limit_mt_check; xt_hashlimit.c, rateinfo_init).
struct RateLimit: Equatable, Sendable {
    /// Packets or bytes in `seconds`.
    var amount: UInt64
    var seconds: UInt64
    /// What passes at once.
    var capacity: UInt64
    var countsBytes: Bool
    /// Matches what is beyond the limit rather than what is within.
    var isOver: Bool
    /// Several rules take from it.
    var isShared = false

    /// Within the limit for sure if all that came together cannot have emptied the bucket. That it was beyond is nothing
    /// that counters tell.
    func evaluate(in scene: Scene) -> Ternary {
        let isWithin = scene.traffic.contains { bound in
            let refilled = bound.nanoseconds.map {
                UInt64(clamping: UInt128(amount) * UInt128($0) / (UInt128(max(seconds, 1)) * 1_000_000_000))
            }
            let most = (countsBytes ? bound.bytes : bound.packets).multipliedReportingOverflow(
                by: isShared ? 6 : scene.passes)
            return !most.overflow && most.partialValue <= min(capacity, refilled ?? .max)
        }
        return isWithin ? Ternary(!isOver) : .unknown(["a rate limit (limit)"])
    }
}

/// A number of bytes that may pass once (net/netfilter/nft_quota.c; xt_quota.c).
struct Quota: Equatable, Sendable {
    var limit: UInt64
    /// Bytes that had passed when the rules were listed; nil: not shown.
    var used: UInt64?
    var isOver: Bool

    func evaluate(in scene: Scene) -> Ternary {
        // The packet is counted before it is judged, and what is used only grows.
        if let used, used < limit { return Ternary(!isOver) }
        if scene.traffic.contains(where: { $0.nanoseconds == nil && $0.bytes < limit / 6 }) { return Ternary(!isOver) }
        if UInt64(scene.crossing.length) > limit { return Ternary(isOver) }
        return .unknown(["whether the quota was used up already (quota)"])
    }

    /// The same, whatever has passed.
    var withoutUse: Quota { Quota(limit: limit, used: nil, isOver: isOver) }
}
