/// Counters of a namespace's IP layer that include all packets, regardless of rules; nil if not known.
public struct TrafficCount: Sendable, Equatable {
    public var received: UInt64?
    /// Counted from the network header on.
    public var receivedBytes: UInt64?
    public var sent: UInt64?

    public init(received: UInt64? = nil, receivedBytes: UInt64? = nil, sent: UInt64? = nil) {
        self.received = received
        self.receivedBytes = receivedBytes
        self.sent = sent
    }
}

extension Ruleset {
    /// Upper bounds for the traffic through a hook: since the namespace was created, and since an earlier listing.
    func bounds(at crossing: HookCrossing, since before: Ruleset?) -> [TrafficBound] {
        guard let now = bound(at: crossing) else { return [] }
        var bounds = [now]
        if let before, let earlier = before.bound(at: crossing), let from = before.completeAt,
            let end = crossing.timestamp, end > from, now.packets >= earlier.packets, now.bytes >= earlier.bytes
        {
            bounds.append(
                TrafficBound(
                    packets: now.packets - earlier.packets, bytes: now.bytes - earlier.bytes, nanoseconds: end - from))
        }
        return bounds
    }

    private func bound(at crossing: HookCrossing) -> TrafficBound? {
        guard crossing.family == .ipv4 || crossing.family == .ipv6, !crossing.isBridged, let count = traffic,
            let received = count.received
        else { return nil }
        switch crossing.hook {
        case .prerouting, .input, .forward:
            return TrafficBound(packets: received, bytes: count.receivedBytes ?? .max)
        case .output, .postrouting:
            return count.sent.map { TrafficBound(packets: received &+ $0, bytes: .max) }
        case .ingress, .egress: return nil
        }
    }
}
