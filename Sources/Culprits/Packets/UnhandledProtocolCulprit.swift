import Diagnosis
import Protocols

/// The EtherType for which the kernel has no handler.
struct UnhandledProtocolCulprit: CulpritFinder {
    static let causes: Set = ["unhandled-protocol"]

    /// Modules, or programs, that would handle an EtherType (include/uapi/linux/if_ether.h).
    private static let modules: [UInt16: String] = [
        0x8847: "mpls_router", 0x8848: "mpls_router", 0x8863: "pppoe", 0x8864: "pppoe", 0x88ca: "tipc",
        0x4305: "batman-adv", 0x88f7: "a program such as ptp4l", 0x88cc: "a program such as lldpd",
        0x888e: "a program such as hostapd or wpa_supplicant", 0x88fb: "hsr", 0x892f: "hsr", 0x8906: "fcoe",
        0x88a2: "aoe", 0x00f6: "ieee802154_socket",
    ]

    func answer(
        to evidence: Evidence, cause: String, in namespace: any NamespaceView
    ) throws(InspectionFailure) -> CulpritAnswer {
        // In other functions the reason concerns an ICMP type or an IPv6 option.
        guard evidence.function?.hasPrefix("__netif_receive_skb_core") == true else { return .none }
        let type = evidence.etherType.hexadecimal(digits: 4)
        let handlers = try namespace.output(of: ["cat", "/proc/net/ptype"])
        if let handler = Self.handler(of: type, in: handlers) {
            return .unknown(
                because: "\(handler) handles EtherType 0x\(type) by now; so the device itself holds the frame back")
        }
        var details = ["no protocol of this network namespace takes it: /proc/net/ptype"]
        if let module = Self.modules[evidence.etherType] { details.append("\(module) would take it") }
        if let number = evidence.frame?.destination.reservedNumber, let device = evidence.device?.name,
            let link = try namespace.networkLink(device), link.portKind == "bridge"
        {
            details.append(
                """
                \(device) is a bridge port, and bridges do not forward frames to a reserved address; with bit \(number) of \
                group_fwd_mask set they do
                """)
        }
        let device = evidence.device?.name
        return .found(
            Culprit(
                kind: "packet", name: "EtherType 0x\(type)" + (device.map { " on \($0)" } ?? ""), details: details,
                values: device.map { ["dev": $0] } ?? [:], remedies: [remedy(evidence.etherType)]))
    }

    private func remedy(_ type: UInt16) -> Cause.Step {
        guard let handler = Self.modules[type] else {
            return Cause.Step(command: nil, note: "stop the sender, if nobody here is to take it")
        }
        return handler.contains(" ")
            ? Cause.Step(command: nil, note: "start \(handler), if such frames are wanted")
            : Cause.Step(command: "modprobe \(handler)", note: "load what takes it, if such frames are wanted")
    }

    /// Lines are `0800          ip_rcv`; a handler for one device only has the device's name in the middle.
    private static func handler(of type: String, in text: String) -> Substring? {
        text.split(separator: "\n").lazy.map { $0.split(separator: " ") }
            .first { $0.count == 2 && $0[0].lowercased() == type }?[1]
    }
}
