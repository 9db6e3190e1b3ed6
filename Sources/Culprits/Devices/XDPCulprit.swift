import Diagnosis
import Netlink
import Protocols

/// The XDP program that ran where the packet was dropped: a device may have one in its driver and one in the generic code.
struct XDPCulprit: CulpritFinder {
    static let causes: Set = [
        "xdp-drop", "xdp-aborted", "xdp-invalid-action", "xdp-tx-failed", "xdp-redirect-failed",
    ]

    /// XDP_ATTACHED_DRV, _SKB and _HW (include/uapi/linux/if_link.h), named as ip-link(8) expects them.
    private static let modes: [UInt8: String] = [1: "xdpdrv", 2: "xdpgeneric", 3: "xdpoffload"]
    private static let genericPlaces: Set = ["do_xdp_generic", "netif_receive_generic_xdp", "generic_xdp_tx"]

    func answer(
        to evidence: Evidence, cause: String, in namespace: any NamespaceView
    ) throws(InspectionFailure) -> CulpritAnswer {
        guard let device = evidence.device?.name ?? evidence.inDevice?.name else {
            return .unknown(because: "the trace does not show the device")
        }
        let all = try namespace.networkLink(device)?.device.xdp ?? []
        if let lost = evidence.lostFrame {
            let attached = all.first { $0.program == lost.program?.id }
            return LostFrameCulprit(lost: lost, device: device, mode: attached.map { Self.name(ofMode: $0.mode) })
                .answer(in: namespace)
        }
        let isGeneric = evidence.function.map(Self.genericPlaces.contains)
        let fitting = all.filter { isGeneric == nil || ($0.mode == 2) == isGeneric }
        guard let program = fitting.first ?? (all.count == 1 ? all.first : nil) else {
            return .unknown(because: "\(device) has no XDP program by now")
        }
        let ownName = namespace.name(ofProgram: program.program)
        let name = ownName.isEmpty ? "" : " \"\(ownName)\""
        let mode = Self.name(ofMode: program.mode)
        return .found(
            Culprit(
                kind: "xdp-program", name: "XDP program \(program.program)\(name) on \(device)",
                details: ["attached as \(mode)"],
                values: ["prog": String(program.program), "dev": device],
                remedies: [Self.removal(mode: mode)]))
    }

    static func name(ofMode mode: UInt8) -> String { modes[mode] ?? "xdp" }

    static func removal(mode: String) -> Cause.Step {
        Cause.Step(
            command: "ip link set dev {dev} \(mode) off",
            note: "take it off, if it is wrong; one that a BPF link holds goes with the program that made the link")
    }
}
