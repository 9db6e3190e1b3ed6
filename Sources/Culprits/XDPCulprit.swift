import Diagnosis

/// The XDP program of the device.
struct XDPCulprit: CulpritFinder {
    static let causes: Set = ["xdp-drop"]

    private struct Link: Decodable {
        var xdp: XDP?

        struct XDP: Decodable {
            var prog: Program?
        }

        struct Program: Decodable {
            var id: Int
            var name: String?
        }
    }

    func answer(
        to evidence: Evidence, cause: String, in namespace: any NamespaceView
    ) throws(InspectionFailure) -> CulpritAnswer {
        guard let device = evidence.device?.name ?? evidence.inDevice?.name else {
            return .unknown(because: "the trace does not show the device")
        }
        let links = try namespace.json([Link].self, of: ["ip", "-d", "-j", "link", "show", "dev", device])
        guard let program = links.first?.xdp?.prog else {
            return .unknown(because: "\(device) has no XDP program by now")
        }
        let name = program.name.map { " \"\($0)\"" } ?? ""
        return .found(
            Culprit(
                kind: "xdp-program", name: "XDP program \(program.id)\(name) on \(device)",
                values: ["prog": String(program.id), "dev": device]))
    }
}
