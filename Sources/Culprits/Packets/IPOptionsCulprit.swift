import Diagnosis

/// The IPv4 option that is refused and, for source routing, the sysctl that refuses it.
struct IPOptionsCulprit: CulpritFinder {
    static let causes: Set = ["ip-options"]

    private enum Finding {
        /// Loose or strict source routing.
        case sourceRoute(String)
        /// An option with an impossible length.
        case malformed(String)
    }

    func answer(
        to evidence: Evidence, cause: String, in namespace: any NamespaceView
    ) throws(InspectionFailure) -> CulpritAnswer {
        switch Self.finding(evidence.bytes) {
        case .malformed(let option)?: return .found(Culprit(kind: "packet", name: option))
        case nil:
            return .unknown(because: "the packet's options, if any, are well-formed and ask for no source routing")
        case .sourceRoute(let option)?:
            guard let device = evidence.inDevice ?? evidence.device else {
                return .unknown(because: "the trace does not show by which device the packet came")
            }
            // Both must allow it (IN_DEV_SOURCE_ROUTE, include/linux/inetdevice.h).
            let forbidding = ["all", device.name].filter { scope in
                namespace.sysctl("net/ipv4/conf/\(scope)/accept_source_route") == "0"
            }.map { "net.ipv4.conf.\($0.replacing(".", with: "/")).accept_source_route" }
            guard let first = forbidding.first else {
                return .unknown(because: "source routing is accepted on \(device.name) by now")
            }
            return .found(
                Culprit(
                    kind: "sysctl", name: "\(first) = 0",
                    details: ["the packet has the option \(option)"] + forbidding.dropFirst().map { "\($0) = 0, too" },
                    values: ["dev": device.name, "sysctl": first]))
        }
    }

    /// The first refused option, by the format of RFC 791, section 3.1.
    private static func finding(_ bytes: [UInt8]) -> Finding? {
        guard let first = bytes.first, first >> 4 == 4 else { return nil }
        let end = Int(first & 0x0f) * 4
        guard end > 20, bytes.count >= end else { return nil }
        var place = 20
        while place < end {
            let type = bytes[place]
            if type == 0 { return nil }
            if type == 1 {
                place += 1
                continue
            }
            guard place + 1 < end else { return .malformed("IP option \(type) without a length") }
            let length = Int(bytes[place + 1])
            guard length >= 2, place + length <= end else {
                return .malformed("IP option \(type) with the length \(length)")
            }
            if type == 131 { return .sourceRoute("loose source routing (LSRR)") }
            if type == 137 { return .sourceRoute("strict source routing (SSRR)") }
            place += length
        }
        return nil
    }
}
