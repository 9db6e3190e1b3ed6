import Diagnosis
import Netlink
import Protocols

/// A port of a bond that is not the active one.
struct InactivePortCulprit: CulpritFinder {
    static let causes: Set = ["port-inactive"]

    func answer(
        to evidence: Evidence, cause: String, in namespace: any NamespaceView
    ) throws(InspectionFailure) -> CulpritAnswer {
        guard let device = evidence.device?.name, let link = try namespace.networkLink(device) else {
            return .unknown(because: "the trace does not show the device, or it is gone")
        }
        guard link.portKind == "bond", let bond = link.master else {
            return .unknown(because: "\(device) is no port of a bond")
        }
        guard link.device.isBackup == true else {
            return .unknown(because: "\(bond) uses \(device) by now")
        }
        return .found(
            Culprit(
                kind: "device", name: "\(device) master \(bond): backup port",
                details: ["\(bond) takes frames by its active port only"], values: ["dev": device, "bond": bond]))
    }
}
