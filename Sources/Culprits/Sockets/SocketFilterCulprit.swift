import Diagnosis
import HostInspection
import Protocols

/// The filter that a program has attached to its socket.
struct SocketFilterCulprit: CulpritFinder {
    static let causes: Set = ["socket-filter"]

    func answer(
        to evidence: Evidence, cause: String, in namespace: any NamespaceView
    ) throws(InspectionFailure) -> CulpritAnswer {
        guard evidence.ports != nil, evidence.transport != "sctp" else {
            return .unknown(because: "the packet does not show the socket")
        }
        var filtered: [Culprit] = []
        var isDoubtful = false
        for socket in try namespace.receivers(of: evidence) {
            guard let owner = socket.owner,
                let filter = namespace.filter(ofDescriptor: owner.descriptor, process: owner.process)
            else {
                isDoubtful = true
                continue
            }
            let what: String
            switch filter {
            case .none: continue
            case .classic(let count): what = "classic BPF, \(count) \(count == 1 ? "instruction" : "instructions")"
            case .extended: what = "an eBPF program (SO_ATTACH_BPF)"
            }
            filtered.append(
                Culprit(
                    kind: "socket-filter", name: "filter of \(socket.description)",
                    details: [what, "the program itself has set it; 'ss -0bp' does not show it"],
                    values: ["pid": String(owner.process)],
                    remedies: [
                        Cause.Step(command: nil, note: "change the filter in \(socket.program ?? "the program")")
                    ]))
        }
        switch filtered.count {
        case 1 where !isDoubtful: return .found(filtered[0])
        case 0 where isDoubtful: return .unknown(because: "the socket's process cannot be looked at from here")
        case 0: return .unknown(because: "no socket that is there now for this packet has a filter")
        default: return .oneOf(filtered, because: "several sockets take such packets")
        }
    }
}
