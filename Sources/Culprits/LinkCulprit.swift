import Diagnosis

/// The device that is down.
struct LinkCulprit: CulpritFinder {
    static let causes: Set = ["device-down"]

    struct Link: Decodable {
        var flags: [String]
        var operstate: String?
        var mtu: Int?
    }

    func answer(
        to evidence: Evidence, cause: String, in namespace: any NamespaceView
    ) throws(InspectionFailure) -> CulpritAnswer {
        guard let device = evidence.device?.name ?? evidence.inDevice?.name else {
            return .unknown(because: "the trace does not show the device")
        }
        let links = try namespace.json([Link].self, of: ["ip", "-j", "link", "show", "dev", device])
        guard let link = links.first else { return .unknown(because: "the device \(device) is gone") }
        guard !link.flags.contains("UP") else {
            guard link.flags.contains("NO-CARRIER") else {
                return .unknown(because: "\(device) is up by now")
            }
            return .found(
                Culprit(kind: "device", name: "\(device) (no carrier)", values: ["dev": device, "outdev": device]))
        }
        return .found(Culprit(kind: "device", name: "\(device) (down)", values: ["dev": device, "outdev": device]))
    }
}
