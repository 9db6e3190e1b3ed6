/// An upper bound for the traffic through a hook in a period.
struct TrafficBound: Sendable, Equatable {
    var packets: UInt64
    /// Counted from the network header on.
    var bytes: UInt64
    /// Duration up to the packet's end; nil if it began with the creation of the namespace.
    var nanoseconds: UInt64?
}

/// A token bucket: `limit` of nft and iptables, and `hashlimit`. It is created full (net/netfilter/nft_limit.c, nft_limit_init;
/// xt_limit.c, limit_mt_check; xt_hashlimit.c, rateinfo_init).
struct RateLimit: Equatable, Sendable {
    /// Packets or bytes per `seconds`.
    var amount: UInt64
    var seconds: UInt64
    /// Packets or bytes that pass at once.
    var capacity: UInt64
    var countsBytes: Bool
    /// Whether the rule matches packets beyond the limit instead of those within.
    var isOver: Bool
    /// Whether several rules share the bucket.
    var isShared = false

    /// The packet is certainly within the limit if the whole traffic cannot have emptied the bucket. Counters never prove that
    /// it was beyond.
    func evaluate(in context: RuleContext) -> Ternary {
        let isWithin = context.traffic.contains { bound in
            let refilled = bound.nanoseconds.map {
                UInt64(clamping: UInt128(amount) * UInt128($0) / (UInt128(max(seconds, 1)) * 1_000_000_000))
            }
            let most = (countsBytes ? bound.bytes : bound.packets).multipliedReportingOverflow(
                by: isShared ? 6 : context.passes)
            return !most.overflow && most.partialValue <= min(capacity, refilled ?? .max)
        }
        return isWithin ? Ternary(!isOver) : .unknown(["a rate limit (limit)"])
    }
}

/// A number of bytes that may pass once (net/netfilter/nft_quota.c; xt_quota.c).
struct Quota: Equatable, Sendable {
    var limit: UInt64
    /// Bytes that had passed when the rules were listed; nil if not shown.
    var used: UInt64?
    var isOver: Bool

    func evaluate(in context: RuleContext) -> Ternary {
        // The kernel counts the packet before it compares, and the used amount only grows.
        if let used, used < limit { return Ternary(!isOver) }
        if context.traffic.contains(where: { $0.nanoseconds == nil && $0.bytes < limit / 6 }) {
            return Ternary(!isOver)
        }
        if UInt64(context.crossing.length) > limit { return Ternary(isOver) }
        return .unknown(["whether the quota was used up already (quota)"])
    }

    /// The quota without its used amount.
    var withoutUse: Quota { Quota(limit: limit, used: nil, isOver: isOver) }
}
