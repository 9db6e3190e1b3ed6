import Diagnosis
import Protocols

/// Frames that no bridge may forward, as their MAC addresses show.
struct FrameCulprit: CulpritFinder {
    static let causes: Set = ["mac-refused", "pause-frame"]

    func answer(
        to evidence: Evidence, cause: String, in namespace: any NamespaceView
    ) throws(InspectionFailure) -> CulpritAnswer {
        guard let frame = evidence.frame else {
            return .unknown(because: "the frame's MAC addresses were not captured")
        }
        let place = evidence.device.map { " on \($0.name)" } ?? ""
        if cause == "pause-frame" {
            guard frame.destination.reservedNumber == 1 else {
                return .unknown(because: "the frame is for \(frame.destination.text), which is none of MAC control")
            }
            return .found(Culprit(kind: "packet", name: "destination MAC address \(frame.destination.text)\(place)"))
        }
        guard frame.source.isGroup || frame.source.bits == 0 else {
            return .unknown(because: "the source MAC address \(frame.source.text) is a possible one")
        }
        return .found(
            Culprit(
                kind: "packet", name: "source MAC address \(frame.source.text)\(place)",
                details: ["no device may send from a group address, or from zero"], values: ["mac": frame.source.text]))
    }
}
