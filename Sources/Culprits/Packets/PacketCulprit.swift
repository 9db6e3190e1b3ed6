import Diagnosis
import Netlink
import Protocols

/// Causes for which the packet itself is the culprit: the field that the kernel refused.
struct PacketCulprit: CulpritFinder {
    static let causes: Set = [
        "ttl-exceeded", "martian-source", "martian-destination", "source-is-local", "loopback-address", "no-protocol",
        "unicast-in-l2-multicast", "tcp-old-data", "tcp-signature", "link-local-scope",
        "tcp-timestamps",
    ]

    func answer(
        to evidence: Evidence, cause: String, in namespace: any NamespaceView
    ) throws(InspectionFailure) -> CulpritAnswer {
        guard let name = field(cause, evidence) else { return .none }
        // Without a drop reason from the kernel, the field alone must prove the cause.
        if !evidence.hasTellingReason, !isObvious(cause, evidence), try !isShown(cause, evidence, by: namespace) {
            return .unknown(because: "the packet does not show it by itself: \(name)")
        }
        let place = (evidence.inDevice ?? evidence.device).map { ["it came by \($0.name)"] } ?? []
        return .found(
            Culprit(
                kind: "packet", name: name, details: evidence.inDevice == nil ? [] : place,
                remedies: cause == "no-protocol" ? [handler(evidence)] : []))
    }

    /// Modules that handle an IP protocol.
    private static let modules: [UInt8: (ipv4: String, ipv6: String)] = [
        4: ("ipip", "ip6_tunnel"), 33: ("dccp", "dccp"), 41: ("sit", "ip6_tunnel"), 47: ("ip_gre", "ip6_gre"),
        50: ("esp4", "esp6"), 51: ("ah4", "ah6"), 108: ("ipcomp", "ipcomp6"), 115: ("l2tp_ip", "l2tp_ip6"),
        132: ("sctp", "sctp"),
    ]

    private func handler(_ evidence: Evidence) -> Cause.Step {
        guard let modules = evidence.packet?.headers.proto.flatMap({ Self.modules[$0] }) else {
            return Cause.Step(command: nil, note: "start the program that takes it, with a raw socket")
        }
        return Cause.Step(
            command: "modprobe \(evidence.isIPv6 ? modules.ipv6 : modules.ipv4)",
            note: "load what takes it, if it is wanted")
    }

    private func field(_ cause: String, _ evidence: Evidence) -> String? {
        switch cause {
        case "ttl-exceeded": hopLimit(evidence)
        case "martian-source", "source-is-local":
            evidence.sourceAddress.map { "source address \($0)" }
        case "link-local-scope": linkLocal(evidence)
        case "martian-destination":
            evidence.destinationAddress.map { "destination address \($0)" }
        case "loopback-address": loopback(evidence)
        case "no-protocol": evidence.packet?.headers.proto.map { "IP protocol \($0)" }
        case "unicast-in-l2-multicast": evidence.device.map { "a frame to a group address on \($0.name)" }
        default: connection(evidence)
        }
    }

    private func isObvious(_ cause: String, _ evidence: Evidence) -> Bool {
        switch cause {
        case "ttl-exceeded": ["TTL 0", "TTL 1", "hop limit 0", "hop limit 1"].contains(hopLimit(evidence))
        case "martian-source":
            evidence.sourceAddress.map { IPAddress.isMulticast($0) || $0 == "255.255.255.255" } ?? false
        case "martian-destination": evidence.destinationAddress == "0.0.0.0" || evidence.destinationAddress == "::"
        case "loopback-address": evidence.device?.name != "lo"
        case "no-protocol": evidence.packet?.headers.proto.map { !Self.usualProtocols.contains($0) } ?? false
        case "link-local-scope": true
        default: false
        }
    }

    /// Protocols that every machine handles: ICMP, IGMP, TCP, UDP, ICMPv6.
    private static let usualProtocols: Set<UInt8> = [1, 2, 6, 17, 58]

    /// Whether the state of the machine proves the cause.
    private func isShown(
        _ cause: String, _ evidence: Evidence, by namespace: any NamespaceView
    ) throws(InspectionFailure) -> Bool {
        switch cause {
        case "martian-source":
            guard let source = evidence.sourceAddress else { return false }
            return try namespace.route(to: source)?.kind == .broadcast
        case "source-is-local":
            guard let source = evidence.sourceAddress, !IPAddress.isLoopback(source) else { return false }
            return try namespace.route(to: source)?.kind == .local
        case "unicast-in-l2-multicast":
            guard let frame = evidence.packet?.ethernet, frame.destination.bits >> 40 & 1 == 1,
                let destination = evidence.destinationAddress, !IPAddress.isMulticast(destination),
                let device = evidence.inDevice ?? evidence.device
            else { return false }
            let scopes = evidence.isIPv6 ? ["ipv6/conf/\(device.name)"] : ["ipv4/conf/\(device.name)", "ipv4/conf/all"]
            return scopes.contains { namespace.sysctl("net/\($0)/drop_unicast_in_l2_multicast") == "1" }
        case "tcp-signature": return try SegmentSignature.isMismatch(evidence, in: namespace)
        default: return false
        }
    }

    private func hopLimit(_ evidence: Evidence) -> String? {
        switch evidence.packet?.headers.network {
        case .ipv4(let header): "TTL \(header.ttl)"
        case .ipv6(let header): "hop limit \(header.hopLimit)"
        default: nil
        }
    }

    private func loopback(_ evidence: Evidence) -> String? {
        [("source", evidence.sourceAddress), ("destination", evidence.destinationAddress)]
            .compactMap { side, address in address.flatMap { IPAddress.isLoopback($0) ? "\(side) address \($0)" : nil }
            }
            .first
    }

    /// An address in fe80::/10, which is valid on one link only: routers do not forward such packets.
    private func linkLocal(_ evidence: Evidence) -> String? {
        for (side, address) in [("source", evidence.sourceAddress), ("destination", evidence.destinationAddress)] {
            guard let address, IPAddress.isLinkLocal(address) else { continue }
            return "\(side) address \(address)"
        }
        return nil
    }

    private func connection(_ evidence: Evidence) -> String? {
        guard let ports = evidence.ports, let source = evidence.sourceAddress,
            let destination = evidence.destinationAddress
        else { return nil }
        return "connection \(source) port \(ports.source) -> \(destination) port \(ports.destination)"
    }
}
