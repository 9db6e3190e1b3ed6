import Diagnosis
import PacketDecoding

/// Causes where the packet itself is to blame: the field of it that the kernel would not have.
struct PacketCulprit: CulpritFinder {
    static let causes: Set = [
        "ttl-exceeded", "martian-source", "martian-destination", "source-is-local", "loopback-address", "no-protocol",
        "multicast-not-member", "unicast-in-l2-multicast", "tcp-out-of-window", "tcp-old-data", "tcp-signature",
        "unhandled-protocol",
    ]

    func answer(
        to evidence: Evidence, cause: String, in namespace: any NamespaceView
    ) throws(InspectionFailure) -> CulpritAnswer {
        guard let name = field(cause, evidence) else { return .none }
        let place = (evidence.inDevice ?? evidence.device).map { ["it came by \($0.name)"] } ?? []
        return .found(Culprit(kind: "packet", name: name, details: evidence.inDevice == nil ? [] : place))
    }

    private func field(_ cause: String, _ evidence: Evidence) -> String? {
        switch cause {
        case "ttl-exceeded": hopLimit(evidence)
        case "martian-source", "source-is-local":
            evidence.sourceAddress.map { "source address \($0)" }
        case "martian-destination", "multicast-not-member":
            evidence.destinationAddress.map { "destination address \($0)" }
        case "loopback-address": loopback(evidence)
        case "no-protocol": evidence.packet?.headers.proto.map { "IP protocol \($0)" }
        case "unicast-in-l2-multicast": evidence.device.map { "a frame to a group address on \($0.name)" }
        case "unhandled-protocol": "EtherType 0x" + String(evidence.etherType, radix: 16)
        default: connection(evidence)
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
            .compactMap { side, address in address.flatMap { Self.isLoopback($0) ? "\(side) address \($0)" : nil } }
            .first
    }

    private static func isLoopback(_ address: String) -> Bool { address.hasPrefix("127.") || address == "::1" }

    private func connection(_ evidence: Evidence) -> String? {
        guard let ports = evidence.ports, let source = evidence.sourceAddress,
            let destination = evidence.destinationAddress
        else { return nil }
        return "connection \(source) port \(ports.source) -> \(destination) port \(ports.destination)"
    }
}
