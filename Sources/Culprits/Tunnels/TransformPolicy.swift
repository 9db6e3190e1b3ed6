import Diagnosis
import Netlink
import Protocols

/// An IPsec policy, printed as `ip xfrm policy show` does.
struct TransformPolicy {
    let policy: XfrmPolicy
    /// Name of the device to which the policy is limited; nil if it is for all.
    let device: String?

    init(_ policy: XfrmPolicy, in namespace: any NamespaceView) {
        self.policy = policy
        let index = policy.selector.device
        device = index == 0 ? nil : namespace.deviceName(index) ?? "if\(index)"
    }

    var priority: UInt32 { policy.priority }
    /// A template with the level `use` may stay unused.
    var wantsProtection: Bool { policy.templates.contains { !$0.isOptional } }
    /// The policy applies only to certain marks, devices or interfaces, which the evidence does not contain.
    var isConditional: Bool { policy.mark != nil || policy.interface != nil || device != nil }

    var culprit: Culprit {
        Culprit(
            kind: "xfrm-policy", name: text,
            details: policy.blocks ? [] : [demand], values: ["rule": deletion],
            remedies: [Cause.Step(command: "ip xfrm policy delete {rule}", note: "remove the policy, if it is stale")])
    }

    private var demand: String {
        policy.direction == .out
            ? "it wants the packet protected, and no association does it"
            : "it wants the packet protected; it came in clear, or by an association that the policy does not mean"
    }

    /// The whole policy on one line.
    var text: String {
        var words = selector + direction
        if policy.blocks { words += ["action", "block"] }
        words += ["priority", String(policy.priority)]
        if let type = policy.type { words += ["ptype", type == 0 ? "main" : "sub"] }
        words += mark + policy.templates.flatMap(Self.words) + interface
        return words.joined(separator: " ")
    }

    /// The arguments by which `ip xfrm policy delete` finds the policy.
    private var deletion: String { (selector + direction + interface + mark).joined(separator: " ") }

    private var selector: [String] {
        let selector = policy.selector
        var words = ["src", Self.text(selector.source), "dst", Self.text(selector.destination)]
        if selector.ipProtocol != 0 {
            words += ["proto", IPProtocolName.text(selector.ipProtocol) ?? String(selector.ipProtocol)]
        }
        let names = isICMP ? ["type", "code"] : ["sport", "dport"]
        if selector.sourcePortMask != 0 { words += [names[0], String(selector.sourcePort)] }
        if selector.destinationPortMask != 0 { words += [names[1], String(selector.destinationPort)] }
        if let device { words += ["dev", device] }
        return words
    }

    private var direction: [String] { policy.direction.map { ["dir", "\($0)"] } ?? [] }

    private var mark: [String] {
        policy.mark.map { mark in
            ["mark", "0x" + String(mark.value, radix: 16) + "/0x" + String(mark.mask, radix: 16)]
        } ?? []
    }

    private var interface: [String] { policy.interface.map { ["if_id", "0x" + String($0, radix: 16)] } ?? [] }

    private var isICMP: Bool { [IPProtocol.icmp, IPProtocol.icmpv6].contains(policy.selector.ipProtocol) }

    private static func words(_ template: XfrmTemplate) -> [String] {
        let modes = ["transport", "tunnel", "ro", "in_trigger", "beet"]
        var words = ["tmpl", "src", template.source.text, "dst", template.destination.text, "proto"]
        words.append(IPProtocolName.text(template.ipProtocol).map { $0 == "ipcomp" ? "comp" : $0 } ?? "?")
        if template.index != 0 { words += ["spi", Association.text(template.index)] }
        words += ["reqid", String(template.request), "mode"]
        words.append(Int(template.mode) < modes.count ? modes[Int(template.mode)] : String(template.mode))
        return words + (template.isOptional ? ["level", "use"] : [])
    }

    /// ip-xfrm(8) prints every length.
    private static func text(_ prefix: IPPrefix) -> String { "\(prefix.address.text)/\(prefix.length)" }

    /// Whether its selector covers the packet. Ports that were not captured count as different.
    func covers(_ evidence: Evidence) -> Bool {
        let selector = policy.selector
        guard let source = evidence.sourceAddress, let destination = evidence.destinationAddress,
            selector.source.contains(source), selector.destination.contains(destination)
        else { return false }
        if selector.ipProtocol != 0, evidence.packet?.headers.proto != selector.ipProtocol { return false }
        guard !isICMP else { return true }
        return Self.fits(selector.sourcePort, selector.sourcePortMask, evidence.ports?.source)
            && Self.fits(selector.destinationPort, selector.destinationPortMask, evidence.ports?.destination)
    }

    private static func fits(_ wanted: UInt16, _ mask: UInt16, _ port: UInt16?) -> Bool {
        mask == 0 || port.map { ($0 ^ wanted) & mask == 0 } ?? false
    }
}
