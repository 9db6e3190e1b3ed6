import Netlink
import Protocols

/// The packets that a policy rule selects.
struct RuleSelector {
    let rule: RoutingRule

    /// Routes with a prefix of at most this many bits do not count.
    var suppressedLength: Int { rule.suppressedLength.map { Int($0) } ?? -1 }

    /// The rule refuses by itself; nil if it does not.
    var refusal: Route.Kind? {
        switch rule.action {
        case .blackhole: .blackhole
        case .unreachable: .unreachable
        case .prohibit: .prohibit
        default: nil
        }
    }

    /// Returns nil if the packet's fields do not decide it.
    func matches(_ flow: RoutedFlow) -> Bool? {
        if isStrange { return nil }
        var isSure = true
        for fits in fields(flow) {
            switch fits {
            case true?: continue
            case false?: return rule.isInverted
            case nil: isSure = false
            }
        }
        return isSure ? !rule.isInverted : nil
    }

    /// Whether the rule looks at something that is not known here.
    private var isStrange: Bool {
        !rule.unknown.isEmpty || rule.action == nil || rule.action == .goto || rule.selectsByVRF || rule.users != nil
            || rule.tunnelID != nil || rule.suppressedGroup != nil || rule.isInputDetached || rule.isOutputDetached
    }

    /// For each field of the rule, whether the packet has it.
    private func fields(_ flow: RoutedFlow) -> [Bool?] {
        var all: [Bool?] = []
        // A packet made here may have got its source address from this very lookup.
        if let source = rule.source { all.append(flow.isSourceGiven ? flow.source.map(source.contains) : nil) }
        if let destination = rule.destination { all.append(flow.destination.map(destination.contains)) }
        if let device = rule.inputDevice { all.append(device == flow.inDevice ?? "lo") }
        if let device = rule.outputDevice { all.append(flow.isSourceGiven ? device == flow.outDevice : nil) }
        if rule.mark != nil || rule.markMask != nil {
            let mask = rule.markMask ?? .max
            all.append(flow.mark.map { $0 & mask == (rule.mark ?? 0) & mask })
        }
        if let number = rule.ipProtocol { all.append(flow.transport.map { $0 == IPProtocolName.text(number) }) }
        if let ports = rule.sourcePorts { all.append(flow.ports.map { ports ~= $0.source }) }
        if let ports = rule.destinationPorts { all.append(flow.ports.map { ports ~= $0.destination }) }
        if rule.tos != 0 { all.append(nil) }
        return all
    }
}
