import Diagnosis

/// The XDP program that ran where the packet was dropped: a device may have one in its driver and one in the generic code.
struct XDPCulprit: CulpritFinder {
    static let causes: Set = [
        "xdp-drop", "xdp-aborted", "xdp-invalid-action", "xdp-tx-failed", "xdp-redirect-failed",
    ]

    private struct Link: Decodable {
        var xdp: XDP?

        struct XDP: Decodable {
            var mode: Int?
            var prog: Program?
            /// Present if several programs are attached.
            var attached: [Attachment]?

            var all: [Attachment] {
                attached ?? prog.map { [Attachment(mode: mode ?? 0, prog: $0)] } ?? []
            }
        }

        struct Attachment: Decodable {
            var mode: Int
            var prog: Program
        }

        struct Program: Decodable {
            var id: Int
            var name: String?
        }
    }

    /// XDP_ATTACHED_DRV, _SKB and _HW (include/uapi/linux/if_link.h), named as ip-link(8) expects them.
    private static let modes = [1: "xdpdrv", 2: "xdpgeneric", 3: "xdpoffload"]
    private static let genericPlaces: Set = ["do_xdp_generic", "netif_receive_generic_xdp", "generic_xdp_tx"]

    func answer(
        to evidence: Evidence, cause: String, in namespace: any NamespaceView
    ) throws(InspectionFailure) -> CulpritAnswer {
        guard let device = evidence.device?.name ?? evidence.inDevice?.name else {
            return .unknown(because: "the trace does not show the device")
        }
        let links = try namespace.json([Link].self, of: ["ip", "-d", "-j", "link", "show", "dev", device])
        let all = links.first?.xdp?.all ?? []
        if let lost = evidence.lostFrame {
            let attached = all.first { $0.prog.id == lost.program.map { Int($0.id) } }
            return LostFrameCulprit(lost: lost, device: device, mode: attached.map { Self.name(ofMode: $0.mode) })
                .answer(in: namespace)
        }
        let isGeneric = evidence.function.map(Self.genericPlaces.contains)
        let fitting = all.filter { isGeneric == nil || ($0.mode == 2) == isGeneric }
        guard let program = fitting.first ?? (all.count == 1 ? all.first : nil) else {
            return .unknown(because: "\(device) has no XDP program by now")
        }
        let name = program.prog.name.map { " \"\($0)\"" } ?? ""
        let mode = Self.name(ofMode: program.mode)
        return .found(
            Culprit(
                kind: "xdp-program", name: "XDP program \(program.prog.id)\(name) on \(device)",
                details: ["attached as \(mode)"],
                values: ["prog": String(program.prog.id), "dev": device],
                remedies: [Self.removal(mode: mode)]))
    }

    static func name(ofMode mode: Int) -> String { modes[mode] ?? "xdp" }

    static func removal(mode: String) -> Cause.Step {
        Cause.Step(
            command: "ip link set dev {dev} \(mode) off",
            note: "take it off, if it is wrong; one that a BPF link holds goes with the program that made the link")
    }
}
