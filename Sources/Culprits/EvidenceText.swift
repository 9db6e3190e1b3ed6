public import Diagnosis
import Protocols

/// Fields of a lost packet in the notation of the system's tools.
extension Evidence {
    var isIPv6: Bool {
        if case .ipv6? = packet?.headers.network { true } else { false }
    }

    var sourceAddress: String? { addresses?.source }
    var destinationAddress: String? { addresses?.destination }

    private var addresses: (source: String, destination: String)? {
        switch packet?.headers.network {
        case .ipv4(let header): (header.source.text, header.destination.text)
        case .ipv6(let header): (header.source.text, header.destination.text)
        case .arp(let header):
            if let sender = header.senderIP, let target = header.targetIP { (sender.text, target.text) } else { nil }
        case .none?, nil: nil
        }
    }

    var ports: Ports? {
        switch packet?.headers.transport {
        case .tcp(let header): header.ports
        case .udp(let header): header.ports
        case .sctp(let header): header.ports
        default: nil
        }
    }

    /// The protocol's name for tools: "tcp", "udp" or "sctp"; otherwise nil.
    var transport: String? {
        switch packet?.headers.transport {
        case .tcp: "tcp"
        case .udp: "udp"
        case .sctp: "sctp"
        default: nil
        }
    }

    /// Values for the placeholders of advice (docs/TRACERS.md).
    public var placeholders: [String: String] {
        var values: [String: String] = [:]
        values["saddr"] = sourceAddress
        values["daddr"] = destinationAddress
        values["sport"] = ports.map { String($0.source) }
        values["dport"] = ports.map { String($0.destination) }
        values["dev"] = inDevice?.name ?? device?.name
        values["outdev"] = device?.name
        values["family"] = isIPv6 ? "-6" : "-4"
        values["pid"] = process.map { String($0.pid) }
        values["comm"] = process?.command
        values["mark"] = mark == 0 ? nil : String(mark)
        return values
    }
}
