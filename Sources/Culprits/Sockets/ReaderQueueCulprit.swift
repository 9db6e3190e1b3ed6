import Diagnosis
import Netlink
import Protocols

/// The queue of a tun or tap device, which a program reads too slowly (tun_net_xmit, drivers/net/tun.c; tap_handle_frame,
/// drivers/net/tap.c).
struct ReaderQueueCulprit: CulpritFinder {
    static let causes: Set = ["device-ring-full"]

    func answer(
        to evidence: Evidence, cause: String, in namespace: any NamespaceView
    ) throws(InspectionFailure) -> CulpritAnswer {
        guard let device = evidence.device?.name, let link = try namespace.networkLink(device) else {
            return .unknown(because: "the trace does not show the device, or it is gone")
        }
        guard let kind = link.kind, ["tun", "macvtap", "ipvtap"].contains(kind) else {
            return .unknown(because: "\(device) does not give its packets to a program")
        }
        // If no program has opened the device, its packets are dropped for another cause.
        guard evidence.hasTellingReason || (link.isUp && !link.lacksCarrier) else {
            return .unknown(because: "no program has opened \(device)")
        }
        guard let length = link.device.queueLength else {
            return .unknown(because: "the queue's length cannot be read")
        }
        return .found(
            Culprit(
                kind: "device", name: "\(device): its queue of \(length) packets is full",
                details: ["the program that has opened \(device) does not read it fast enough"],
                values: ["dev": device, "limit": String(max(length * 10, 1000))],
                remedies: [
                    Cause.Step(command: "ip link set dev {dev} txqueuelen {limit}", note: "a longer queue, for bursts")
                ]))
    }
}
