import Tracers

/// How completely the kernel shows the lives of skbs.
public struct PacketTracking: Sendable, Equatable {
    /// Clones, copies and segments are seen when they are made; otherwise clones are recognised by their shared buffer.
    public var seesLinks: Bool
    /// Every end of an skb is seen; otherwise a packet may stay open, or a reused address may be attributed to the earlier
    /// packet.
    public var seesEnds: Bool
    /// A function that cannot report copies, since the user traces it for its own sake.
    var hiddenLink: String?

    public init(seesLinks: Bool, seesEnds: Bool) {
        self.seesLinks = seesLinks
        self.seesEnds = seesEnds
    }

    public var isComplete: Bool { seesLinks && seesEnds }
}

/// Adds the hooks that follow packets, besides those that the user asked for.
struct TrackingPlanner {
    let life: SkbLife
    let inventory: KernelInventory
    let capabilities: Capabilities

    /// The value of `module` for hooks that show nothing.
    private static let group = "life"

    func addHooks(to plan: inout AttachPlan) {
        let taken = Set(plan.hooks.map { "\($0.kind) \($0.kernelName)" })
        let links = life.links.compactMap { function($0, .link) }.filter { $0.arguments.original != nil }
        // Without kprobes, frees that count as neither drop nor consumption are not seen.
        let hasEnds = life.ends.contains { $0.isComplete && function($0, .end) != nil }
        let ends =
            hasEnds
            ? life.ends.filter { place in
                place.tracepointInside.map { !taken.contains("\(HookKind.tracepoint) \(Self.short($0))") } ?? true
            }.compactMap { function($0, .end) } : [tracepoint(life.consumption, .free)].compactMap(\.self)
        let drop = [tracepoint(life.drop, [.free, .drop])].compactMap(\.self)
        // A hook of the user already receives the event; a place gets only one hook.
        plan.hooks += (links + ends + drop).filter { !taken.contains("\($0.kind) \($0.kernelName)") }
        plan.tracking = tracking(by: plan.hooks)
    }

    private func tracking(by hooks: [PlannedHook]) -> PacketTracking {
        func complete(_ places: [SkbLife.Place]) -> Set<String> {
            Set(places.filter(\.isComplete).flatMap(\.functions))
        }
        let (links, ends) = (complete(life.links), complete(life.ends))
        var tracking = PacketTracking(
            seesLinks: hooks.contains { $0.purpose == .link && links.contains($0.kernelName) },
            seesEnds: hooks.contains { ends.contains($0.kernelName) })
        let all = Set(life.links.flatMap(\.functions))
        tracking.hiddenLink = hooks.first { $0.purpose == .event && all.contains($0.kernelName) }?.kernelName
        return tracking
    }

    private func function(_ place: SkbLife.Place, _ purpose: HookPurpose) -> PlannedHook? {
        place.functions.lazy.compactMap { function($0, purpose) }.first
    }

    private func function(_ name: String, _ purpose: HookPurpose) -> PlannedHook? {
        guard let method = capabilities.functionMethod, let function = inventory.functions[name],
            let arguments = function.arguments, arguments.skb != nil, arguments.isReachable,
            !function.addresses.isEmpty
        else { return nil }
        return PlannedHook(
            tracer: name, group: Self.group, kernelName: name, kind: .function, method: method,
            addresses: function.addresses, arguments: arguments, flags: purpose == .end ? .free : [], role: .aside,
            purpose: purpose)
    }

    private func tracepoint(_ name: String, _ flags: TracerFlags) -> PlannedHook? {
        let short = Self.short(name)
        guard let method = capabilities.tracepointMethod, let tracepoint = inventory.tracepoints[short] else {
            return nil
        }
        return PlannedHook(
            tracer: name, group: Self.group, kernelName: short, kind: .tracepoint, method: method,
            arguments: tracepoint.arguments, flags: flags, role: .aside, purpose: .end)
    }

    /// The name of a tracepoint without its category, as BTF has it.
    private static func short(_ name: String) -> String { String(name.split(separator: ":").last ?? "") }
}

extension AttachPlan {
    /// The reason that packets are not followed completely; nil if they are, or if they need not be followed.
    public var trackingNote: String? {
        guard let tracking, !tracking.isComplete else { return nil }
        let byBuffer =
            "packets are followed by the address of their skb and its buffer only; some ends and copies are not seen"
        if !tracking.seesLinks, let hidden = tracking.hiddenLink {
            return "\(hidden) is traced for its own sake, and cannot report copies then: \(byBuffer); "
                + "leave it out with --tracer-exclude \(hidden)"
        }
        return "without kprobes " + byBuffer
    }
}
