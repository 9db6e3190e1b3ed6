import Diagnosis
import HostInspection

/// The programs that tcx runs on a device, before the filters of tc.
enum DeviceProgramCulprit {
    /// - Parameter function: the function that dropped the packet, which shows the direction.
    static func suspects(
        _ device: Evidence.Device, droppedBy function: String?, in namespace: any NamespaceView
    ) -> [Culprit] {
        let directions = TrafficDirection(function).map { [$0] } ?? [.ingress, .egress]
        return directions.flatMap { direction in
            namespace.devicePrograms(ifindex: device.ifindex, egress: direction == .egress)
                .map { culprit($0, device.name, direction) }
        }
    }

    private static func culprit(_ program: DeviceProgram, _ device: String, _ direction: TrafficDirection) -> Culprit {
        let hook = direction == .egress ? "tcx_egress" : "tcx_ingress"
        let name = program.name.isEmpty ? "" : " \"\(program.name)\""
        return Culprit(
            kind: "tcx-program", name: "BPF program \(program.id)\(name) on \(device)",
            details: ["attached to \(hook)"],
            values: ["dev": device, "outdev": device, "prog": String(program.id)],
            remedies: [
                Cause.Step(
                    command: nil,
                    note:
                        "take it off, if it is wrong: bpftool net detach \(hook) dev \(device) (bpftool 7.6); one that a BPF link holds goes with the program that made the link"
                )
            ])
    }
}

/// The direction of packets that a function drops for tc.
enum TrafficDirection {
    case ingress, egress

    /// nil if it drops those of both, or is not known.
    init?(_ function: String?) {
        switch function {
        case "__netif_receive_skb_core", "sch_handle_ingress": self = .ingress
        case "__dev_queue_xmit", "sch_handle_egress": self = .egress
        default: return nil
        }
    }
}
