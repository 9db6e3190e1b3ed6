import Diagnosis
import Netlink
import Protocols

/// The option of a tunnel device that a received packet does not meet, or contradicting congestion marks
/// (ip_tunnel_rcv, net/ipv4/ip_tunnel.c; __ip6_tnl_rcv, net/ipv6/ip6_tunnel.c).
struct TunnelHeaderCulprit: CulpritFinder {
    static let causes: Set = ["tunnel-header", "tunnel-ecn"]

    private static let places: Set = ["ip_tunnel_rcv", "__ip6_tnl_rcv"]
    /// Flags of a GRE header (RFC 2784, RFC 2890).
    private static let hasChecksum: UInt8 = 0x80
    private static let hasSequence: UInt8 = 0x10

    func answer(
        to evidence: Evidence, cause: String, in namespace: any NamespaceView
    ) throws(InspectionFailure) -> CulpritAnswer {
        guard evidence.function.map({ Self.places.contains($0) }) ?? false else { return .none }
        // The kernel makes the inner header the packet's network header before it compares the marks.
        guard evidence.packet?.inner == nil else {
            return cause == "tunnel-header"
                ? try options(evidence, namespace) : .unknown(because: "the marks were not compared yet")
        }
        return cause == "tunnel-ecn" ? marks(evidence) : .unknown(because: "the tunnel header had been removed already")
    }

    private func options(
        _ evidence: Evidence, _ namespace: any NamespaceView
    ) throws(InspectionFailure) -> CulpritAnswer {
        guard let demand = TunnelDemand(evidence), let flags = Self.flags(evidence),
            let device = try demand.devices(in: namespace).first(where: { demand.isMet(by: $0) })
        else { return .unknown(because: "the trace does not show a GRE header, or no device fits it by now") }
        let name = device.ifname
        let settings = device.settings
        let expectsChecksum = settings.expectsChecksum
        if expectsChecksum != (flags & Self.hasChecksum != 0) {
            return .found(
                Culprit(
                    kind: "tunnel",
                    name: expectsChecksum
                        ? "\(name) expects checksums (icsum)" : "\(name) expects no checksums (noicsum)",
                    details: ["the packet's GRE header has \(expectsChecksum ? "none" : "one")"], values: ["dev": name])
            )
        }
        guard settings.expectsSequence else {
            return .unknown(because: "the options of \(name) fit the packet by now")
        }
        guard flags & Self.hasSequence == 0 else {
            return .unknown(
                because: "\(name) expects rising sequence numbers (iseq): it refuses packets that were overtaken")
        }
        return .found(
            Culprit(
                kind: "tunnel", name: "\(name) expects sequence numbers (iseq)",
                details: ["the packet's GRE header has none"], values: ["dev": name]))
    }

    /// The first byte of the GRE header; nil if the packet has none or it was not captured.
    private static func flags(_ evidence: Evidence) -> UInt8? {
        guard case .gre? = evidence.packet?.inner?.encapsulation, let first = evidence.bytes.first else { return nil }
        let offset = first >> 4 == 4 ? Int(first & 0xf) * 4 : 40
        return offset < evidence.bytes.count ? evidence.bytes[offset] : nil
    }

    private func marks(_ evidence: Evidence) -> CulpritAnswer {
        let service: UInt8? =
            switch evidence.packet?.headers.network {
            case .ipv4(let header): header.tos
            case .ipv6(let header): header.trafficClass
            default: nil
            }
        guard let service else { return .unknown(because: "the trace does not show the inner header") }
        guard service & 3 == 0 else { return .unknown(because: "the inner packet's ends can do ECN") }
        return .found(
            Culprit(
                kind: "packet", name: "inner packet without ECN, in one marked 'congestion experienced'",
                values: evidence.device.map { ["dev": $0.name] } ?? [:]))
    }
}
