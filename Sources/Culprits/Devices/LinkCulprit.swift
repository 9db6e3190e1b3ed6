import Diagnosis

/// The device that is down, or has no carrier.
struct LinkCulprit: CulpritFinder {
    static let causes: Set = ["device-down", "no-carrier"]

    func answer(
        to evidence: Evidence, cause: String, in namespace: any NamespaceView
    ) throws(InspectionFailure) -> CulpritAnswer {
        guard let device = evidence.device?.name ?? evidence.inDevice?.name else {
            return .unknown(because: "the trace does not show the device")
        }
        guard let link = try namespace.networkLink(device) else {
            return .unknown(because: "the device \(device) is gone")
        }
        guard let (state, details, isDown, remedy) = state(of: link, in: namespace) else {
            return .unknown(because: "\(device) is up by now")
        }
        // The kernel's reason DEV_READY may also mean a missing carrier. Without that reason the two causes exclude
        // each other.
        let isNotReady = evidence.reason.map(DropReason.shortName) == "DEV_READY"
        guard isDown == (cause == "device-down") || isNotReady else {
            return .unknown(because: "\(device) speaks for another cause by now: \(state)")
        }
        var values = ["dev": device, "outdev": device]
        if let peer = namespace.peer(of: link) { values["peer"] = peer.ifname }
        return .found(
            Culprit(
                kind: "device", name: "\(device) (\(state))", details: details, values: values, remedies: [remedy]))
    }

    private func state(
        of link: NetworkLink, in namespace: any NamespaceView
    ) -> (name: String, details: [String], isDown: Bool, remedy: Cause.Step)? {
        guard link.isUp else {
            return ("down", [], true, Cause.Step(command: "ip link set dev {dev} up", note: "set it up"))
        }
        guard link.lacksCarrier else { return nil }
        if link.kind == "tun" {
            return (
                "no program has opened it", ["tun and tap devices carry packets to and from a program"], true,
                Cause.Step(command: nil, note: "start the program or virtual machine that serves {dev}")
            )
        }
        if let peer = namespace.peer(of: link), !peer.isUp {
            return (
                "no carrier", ["its other end, \(peer.ifname), is down"], false,
                Cause.Step(command: "ip link set dev {peer} up", note: "set the other end up, in its namespace")
            )
        }
        return (
            "no carrier", [], false,
            Cause.Step(command: nil, note: "repair the cable, the switch port or the other end")
        )
    }
}
