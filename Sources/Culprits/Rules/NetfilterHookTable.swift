import Diagnosis
import NetfilterRules
import Protocols
import Tracers

/// Finds the netfilter hook of a packet by the function that calls the hook.
struct NetfilterHookTable: Sendable {
    private struct Place {
        var hook: NetfilterHook
        /// nil: that of the packet's protocol.
        var family: HookFamily?
        var isForBridge: Bool
        /// A function on the path of packets for which the hook is output: the machine itself sends them.
        var outputAfter: String?
    }

    private let places: [String: Place]
    private let engines: [String: RuleEngine]
    /// Functions that free packets which no program takes out of their queue.
    let queues: Set<String>

    init(_ names: NetfilterPlaces) {
        places = names.callers.reduce(into: [:]) { places, caller in
            places[caller.function] = Place(
                hook: NetfilterHook(caller.hook), family: caller.family.map(HookFamily.init),
                isForBridge: caller.isForBridge, outputAfter: caller.outputAfter)
        }
        var engines: [String: RuleEngine] = [:]
        for function in names.nftables { engines[function] = .nftables }
        for function in names.xtables { engines[function] = .xtables }
        self.engines = engines
        queues = names.queues
    }

    /// The family that owns the hook: bridges and devices have hooks of their own.
    func family(of evidence: Evidence) -> HookFamily? {
        if let family = place(of: evidence)?.family { return family }
        switch evidence.packet?.headers.network {
        case .ipv4: return .ipv4
        case .ipv6: return .ipv6
        case .arp: return .arp
        case .none?, nil: return nil
        }
    }

    /// Whether the bridge passed the packet to a hook of IP.
    func isBridged(_ evidence: Evidence) -> Bool { place(of: evidence)?.isForBridge ?? false }

    /// The hook that the trace proves; nil if it does not.
    func hook(of evidence: Evidence) -> NetfilterHook? {
        guard let place = place(of: evidence) else { return nil }
        // Packets that the machine itself sends through a bridge pass the same functions as those that it forwards.
        if let sender = place.outputAfter, evidence.trail.contains(sender) { return .output }
        return place.hook
    }

    /// Whether the hook of a device follows from the traced functions alone. A bridge that was loaded after the trace
    /// began calls its hooks in functions that are not traced.
    func isDeviceHookGuessed(_ evidence: Evidence) -> Bool {
        placeInStack(of: evidence) == nil && place(of: evidence)?.family == .netdev
    }

    /// The innermost function that calls a hook. A stack may be cut off at a function whose return is probed.
    private func place(of evidence: Evidence) -> Place? {
        placeInStack(of: evidence) ?? evidence.trail.reversed().lazy.compactMap { places[$0] }.first
    }

    private func placeInStack(of evidence: Evidence) -> Place? {
        evidence.stack.lazy.compactMap { places[Evidence.function(in: $0)] }.first
    }

    /// All hooks that come into question: a received packet passes other hooks than one made by this machine.
    func possible(_ evidence: Evidence) -> [NetfilterHook] {
        if let hook = hook(of: evidence) { return [hook] }
        if case .arp? = evidence.packet?.headers.network { return [.input, .output] }
        return evidence.inDevice != nil ? [.prerouting, .input, .forward, .postrouting] : [.output, .postrouting]
    }

    /// The engine whose tables gave the verdict, if the trace shows it.
    func engine(of evidence: Evidence) -> RuleEngine? {
        // Since 6.7 the function that gives the verdict frees the packet itself.
        if let engine = evidence.function.flatMap({ engines[$0] }) { return engine }
        return evidence.returns.lazy.filter { $0.number == 0 }.compactMap { engines[$0.tracer] }.first
    }
}

extension NetfilterHook {
    fileprivate init(_ hook: NetfilterPlaces.Hook) {
        self =
            switch hook {
            case .prerouting: .prerouting
            case .input: .input
            case .forward: .forward
            case .output: .output
            case .postrouting: .postrouting
            case .ingress: .ingress
            case .egress: .egress
            }
    }
}

extension HookFamily {
    fileprivate init(_ family: NetfilterPlaces.Family) {
        self =
            switch family {
            case .bridge: .bridge
            case .netdev: .netdev
            }
    }
}
