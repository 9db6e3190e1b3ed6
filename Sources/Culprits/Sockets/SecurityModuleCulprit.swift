import Diagnosis
import HostInspection

/// The BPF program or security module that keeps a packet from a socket.
struct SecurityModuleCulprit: CulpritFinder {
    static let causes: Set = ["security-module"]

    /// The hook that `security_sock_rcv_skb` calls (security/security.c).
    private static let hook = "socket_sock_rcv_skb"

    /// Modules that judge all packets at this hook, with their common names. AppArmor judges only packets with a SECMARK mark.
    private static let modules = ["selinux": "SELinux", "smack": "Smack"]

    func answer(
        to evidence: Evidence, cause: String, in namespace: any NamespaceView
    ) throws(InspectionFailure) -> CulpritAnswer {
        let programs = try namespace.securityPrograms(at: Self.hook).map(culprit)
        guard let active = namespace.securityModules() else {
            return programs.isEmpty
                ? .unknown(because: "the kernel does not report which security modules are active")
                : .oneOf(programs, because: "the kernel does not report which other security modules are active")
        }
        let modules = active.compactMap { Self.modules[$0] }.map { Culprit(kind: "security-module", name: $0) }
        let isProved = evidence.returns.contains { $0.tracer == "security_sock_rcv_skb" && $0.number ?? 0 != 0 }
        // An active module need not have refused anything: whole distributions enable one.
        guard isProved || !programs.isEmpty else {
            return .unknown(because: "no BPF program decides what sockets may receive")
        }
        let suspects = programs + modules
        switch suspects.count {
        case 0:
            return .unknown(because: "of the active modules none judges all packets: \(active.joined(separator: ", "))")
        case 1: return .found(suspects[0])
        default: return .oneOf(suspects, because: "each of them may refuse what a socket would receive")
        }
    }

    private func culprit(_ program: SecurityProgram) -> Culprit {
        let name = program.name.isEmpty ? "" : " \"\(program.name)\""
        return Culprit(
            kind: "lsm-program", name: "BPF LSM program \(program.id)\(name)",
            details: ["attached to \(Self.hook): it decides what sockets may receive"],
            values: ["prog": String(program.id)])
    }
}
