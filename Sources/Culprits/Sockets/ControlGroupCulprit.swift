import Diagnosis
import Netlink
import Protocols
import HostInspection

/// The BPF program on a control group that refused a packet which a process of the group sends or would receive.
struct ControlGroupCulprit: CulpritFinder {
    static let causes: Set = ["cgroup-bpf"]

    /// Functions of the output path that run BPF_CGROUP_RUN_PROG_INET_EGRESS.
    private static let senders: Set = [
        "ip_finish_output", "ip_mc_finish_output", "ip6_finish_output", "ip6_finish_output2",
    ]

    func answer(
        to evidence: Evidence, cause: String, in namespace: any NamespaceView
    ) throws(InspectionFailure) -> CulpritAnswer {
        let isEgress = evidence.function.map { Self.senders.contains($0) } ?? false
        let direction = isEgress ? "egress" : "ingress"
        let programs = try namespace.controlGroupPrograms(egress: isEgress)
        guard !programs.isEmpty else {
            return .unknown(because: "no control group that can be seen from here has an \(direction) program by now")
        }
        let process =
            isEgress ? evidence.process?.pid : try namespace.receivers(of: evidence).first?.owner?.process
        guard let process, let group = namespace.controlGroup(ofProcess: process) else {
            // The cause proves that a program of some group refused the packet, but only for sent packets.
            let suspects = programs.map { culprit($0, direction, nil) }
            if isEgress, suspects.count == 1 { return .found(suspects[0]) }
            return .oneOf(suspects, because: "the process has ended or is not known, and so is its control group")
        }
        let covering = programs.filter { Self.covers($0.group, group) }.map { culprit($0, direction, group) }
        switch covering.count {
        case 0:
            return .unknown(
                because: "no \(direction) program is on \(group), the control group of process \(process), or above it")
        case 1: return .found(covering[0])
        default: return .oneOf(covering, because: "each of them can refuse what the processes of \(group) handle")
        }
    }

    private static func covers(_ group: String, _ inner: String) -> Bool {
        group == "/" || inner == group || inner.hasPrefix(group + "/")
    }

    private func culprit(_ program: ControlGroupProgram, _ direction: String, _ group: String?) -> Culprit {
        let name = program.name.isEmpty ? "" : " \"\(program.name)\""
        let folder = "/sys/fs/cgroup" + (program.group == "/" ? "" : program.group)
        return Culprit(
            kind: "cgroup-program", name: "BPF program \(program.id)\(name) on control group \(program.group)",
            details: ["attached to cgroup_inet_\(direction)"] + (group.map { ["the process is in \($0)"] } ?? []),
            values: values(folder, program, direction, group))
    }

    /// The control group of a systemd unit is named after the unit.
    private func values(
        _ folder: String, _ program: ControlGroupProgram, _ direction: String, _ group: String?
    ) -> [String: String] {
        var values = ["cgroup": folder, "prog": String(program.id), "direction": direction]
        values["service"] = (group ?? program.group).split(separator: "/").last { $0.hasSuffix(".service") }
            .map(String.init)
        return values
    }
}
