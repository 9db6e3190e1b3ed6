import Diagnosis

/// The device that is down, or that has nothing at its other end.
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
        guard let (state, details, isDown) = state(of: link, in: namespace) else {
            return .unknown(because: "\(device) is up by now")
        }
        // What the kernel calls not ready may lack its carrier; without its word the two causes exclude each other.
        let isNotReady = evidence.reason.map(DropReason.shortName) == "DEV_READY"
        guard isDown == (cause == "device-down") || isNotReady else {
            return .unknown(because: "\(device) speaks for another cause by now: \(state)")
        }
        var values = ["dev": device, "outdev": device]
        if let peer = namespace.peer(of: link) { values["peer"] = peer.ifname }
        return .found(Culprit(kind: "device", name: "\(device) (\(state))", details: details, values: values))
    }

    private func state(
        of link: NetworkLink, in namespace: any NamespaceView
    ) -> (name: String, details: [String], isDown: Bool)? {
        guard link.isUp else { return ("down", [], true) }
        guard link.lacksCarrier else { return nil }
        if link.info?.kind == "tun" {
            return ("no program has opened it", ["tun and tap devices carry packets to and from a program"], true)
        }
        if let peer = namespace.peer(of: link), !peer.isUp {
            return ("no carrier", ["its other end, \(peer.ifname), is down"], false)
        }
        return ("no carrier", [], false)
    }
}
