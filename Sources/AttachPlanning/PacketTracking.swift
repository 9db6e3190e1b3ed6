import Tracers

/// How completely the kernel shows the lives of skbs.
public struct PacketTracking: Sendable, Equatable {
    /// Clones, copies and segments are seen when they are made; otherwise clones are recognised by their shared buffer.
    public var seesLinks: Bool
    /// Every end of an skb is seen; otherwise a packet may stay open, or a reused address may be attributed to the earlier
    /// packet.
    public var seesEnds: Bool

    public init(seesLinks: Bool, seesEnds: Bool) {
        self.seesLinks = seesLinks
        self.seesEnds = seesEnds
    }

    public var isComplete: Bool { seesLinks && seesEnds }
}

/// Adds the hooks that follow packets, besides those that the user asked for.
struct TrackingPlanner {
    let inventory: KernelInventory
    let capabilities: Capabilities

    /// net/core/skbuff.c: every clone, copy and segment passes __copy_skb_header(new, old);
    /// net/ipv4/ip_output.c, net/ipv6/ip6_output.c: every fragment passes ip_copy_metadata(to, from).
    fileprivate static let links = ["__copy_skb_header", "ip_copy_metadata", "ip6_copy_metadata"]
    /// net/core/skbuff.c: called by nearly all functions that free an skb.
    private static let end = "skb_release_head_state"
    /// Ends that bypass it: of a datagram that was read (net/ipv4/udp.c), of a packet that GRO has merged into another, and of
    /// an skb that the driver gets back for reuse (net/core/gro.c, before 5.19 net/core/dev.c).
    private static let otherEnds = [readEnd, "napi_skb_free_stolen_head", "napi_reuse_skb"]
    private static let readEnd = "__consume_stateless_skb"
    /// Used if there are no kprobes; frees that count as neither drop nor consumption are not seen.
    private static let consumption = "consume_skb"
    /// Reports the reason of a drop, which would otherwise look like any other end.
    private static let drop = "kfree_skb"

    func addHooks(to plan: inout AttachPlan) {
        let links = Self.links.compactMap { function($0, .link) }.filter { $0.arguments.original != nil }
        let end = function(Self.end, .end)
        let ends =
            (end.map { [$0] + Self.otherEnds.compactMap { function($0, .end) } }
                ?? [tracepoint(Self.consumption, .free)].compactMap(\.self))
            + [tracepoint(Self.drop, [.free, .drop])].compactMap(\.self)
        var taken = Set(plan.hooks.map { "\($0.kind) \($0.kernelName)" })
        // This tracepoint fires inside the function: a hook at the function's entry would end the packet before the event.
        if taken.contains("\(HookKind.tracepoint) consume_skb") { taken.insert("\(HookKind.function) \(Self.readEnd)") }
        // A hook of the user already receives the event; a place gets only one hook.
        plan.hooks += (links + ends).filter { !taken.contains("\($0.kind) \($0.kernelName)") }
        plan.tracking = PacketTracking(
            seesLinks: plan.hooks.contains { $0.purpose == .link && $0.kernelName == Self.links[0] },
            seesEnds: plan.hooks.contains { $0.kernelName == Self.end })
    }

    private func function(_ name: String, _ purpose: HookPurpose) -> PlannedHook? {
        guard let method = capabilities.functionMethod, let function = inventory.functions[name],
            let arguments = function.arguments, arguments.skb != nil, arguments.isReachable,
            !function.addresses.isEmpty
        else { return nil }
        return PlannedHook(
            tracer: name, group: "life", kernelName: name, kind: .function, method: method,
            addresses: function.addresses, arguments: arguments, flags: purpose == .end ? .free : [], purpose: purpose)
    }

    private func tracepoint(_ name: String, _ flags: TracerFlags) -> PlannedHook? {
        guard let method = capabilities.tracepointMethod, let tracepoint = inventory.tracepoints[name] else {
            return nil
        }
        return PlannedHook(
            tracer: "skb:" + name, group: "life", kernelName: name, kind: .tracepoint, method: method,
            arguments: tracepoint.arguments, flags: flags, purpose: .end)
    }
}

extension AttachPlan {
    /// The reason that packets are not followed completely; nil if they are, or if they need not be followed.
    public var trackingNote: String? {
        guard let tracking, !tracking.isComplete else { return nil }
        let byBuffer =
            "packets are followed by the address of their skb and its buffer only; some ends and copies are not seen"
        let hidden = hooks.first { $0.purpose == .event && TrackingPlanner.links.contains($0.kernelName) }
        if !tracking.seesLinks, let hidden {
            return "\(hidden.kernelName) is traced for its own sake, and cannot report copies then: \(byBuffer); "
                + "leave it out with --tracer-exclude \(hidden.kernelName)"
        }
        return "without kprobes " + byBuffer
    }
}
