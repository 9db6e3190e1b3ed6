import Diagnosis

/// The Open vSwitch datapath whose upcalls, for packets without a flow, no program receives
/// (net/openvswitch/datapath.c, ovs_dp_process_packet).
struct OpenVSwitchCulprit: CulpritFinder {
    static let causes: Set = ["ovs-no-daemon"]

    func answer(
        to evidence: Evidence, cause: String, in namespace: any NamespaceView
    ) throws(InspectionFailure) -> CulpritAnswer {
        guard let device = evidence.device?.name, let link = try namespace.networkLink(device) else {
            return .unknown(because: "the trace does not show the port, or it is gone")
        }
        guard link.portKind == "openvswitch" || link.kind == "openvswitch" else {
            return .unknown(because: "\(device) is no port of an Open vSwitch by now")
        }
        return .found(
            Culprit(
                kind: "device", name: "Open vSwitch datapath of the port \(device): no listener for upcalls",
                details: [link.master.map { "its datapath's own device is \($0)" }, reason(evidence)].compactMap(
                    \.self),
                values: ["dev": device]))
    }

    private func reason(_ evidence: Evidence) -> String? {
        switch evidence.returns.last(where: { $0.tracer == "ovs_dp_upcall" })?.text {
        case "-ENOTCONN": "no program has registered for the port"
        case "-ECONNREFUSED": "the program that had registered for the port has ended"
        default: nil
        }
    }
}
