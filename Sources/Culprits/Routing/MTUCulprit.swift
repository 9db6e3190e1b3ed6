import Diagnosis
import Protocols

/// The device or route whose MTU is smaller than the packet.
struct MTUCulprit: CulpritFinder {
    static let causes: Set = ["mtu-exceeded"]

    func answer(
        to evidence: Evidence, cause: String, in namespace: any NamespaceView
    ) throws(InspectionFailure) -> CulpritAnswer {
        switch evidence.function {
        case "br_dev_queue_push_xmit", "br_nf_dev_queue_xmit": try ofBridgePort(evidence, in: namespace)
        case "__dev_forward_skb", "__dev_forward_skb2": try ofPeer(evidence, in: namespace)
        default: try ofRoute(evidence, in: namespace)
        }
    }

    private func ofBridgePort(
        _ evidence: Evidence, in namespace: any NamespaceView
    ) throws(InspectionFailure) -> CulpritAnswer {
        guard let device = evidence.device?.name, let link = try namespace.networkLink(device) else {
            return .unknown(because: "the trace does not show the port, or it is gone")
        }
        return answer(evidence, link, ["it is a port of \(link.master ?? "a bridge"): bridges do not fragment"])
    }

    private func ofPeer(
        _ evidence: Evidence, in namespace: any NamespaceView
    ) throws(InspectionFailure) -> CulpritAnswer {
        guard let device = evidence.device?.name, let link = try namespace.networkLink(device),
            let peer = namespace.peer(of: link)
        else { return .unknown(because: "the other end of the veth pair could not be found") }
        let own = link.mtu.map { ", which has mtu \($0)" } ?? ""
        let smaller = Cause.Step(
            command: "ip link set dev {dev} mtu \(peer.mtu ?? 0)",
            note: "the same at both ends: what is larger is then cut or refused here, and the sender learns of it")
        return answer(evidence, peer, ["it is the other end of \(device)\(own)"], besides: [smaller], dev: device)
    }

    /// A device accepts a forwarded frame up to its MTU plus the Ethernet header and one VLAN tag (__is_skb_forwardable,
    /// include/linux/netdevice.h).
    private func answer(
        _ evidence: Evidence, _ link: NetworkLink, _ details: [String], besides: [Cause.Step] = [], dev: String? = nil
    ) -> CulpritAnswer {
        let headers = 14 + 4
        guard let limit = link.mtu, Int(evidence.length) > limit + headers else {
            return .unknown(
                because: "\(link.ifname) takes frames of \(evidence.length) bytes by now: its mtu is \(link.mtu ?? 0)")
        }
        return .found(
            Culprit(
                kind: "mtu", name: "\(link.ifname) mtu \(limit)",
                details: ["the frame has \(evidence.length) bytes, 14 of them for Ethernet"] + details,
                values: [
                    "dev": dev ?? link.ifname, "outdev": link.ifname,
                    "mtu": String(
                        evidence.networkLength.flatMap { $0 > limit ? $0 : nil } ?? Int(evidence.length) - 14),
                ],
                remedies: besides + [Self.larger]))
    }

    private func ofRoute(
        _ evidence: Evidence, in namespace: any NamespaceView
    ) throws(InspectionFailure) -> CulpritAnswer {
        guard let destination = evidence.destinationAddress, let route = try namespace.route(to: destination),
            let device = route.dev
        else { return .unknown(because: "there is no route to the packet's destination by now") }
        guard let own = try namespace.networkLink(device)?.mtu else {
            return .unknown(because: "the device \(device) is gone")
        }
        let ofRoute = route.mtu
        let limit = min(own, ofRoute ?? own)
        guard evidence.length > limit else {
            return .unknown(
                because: "the way to \(destination) takes \(limit) bytes by now, and the packet had \(evidence.length)")
        }
        let isOfRoute = ofRoute.map { $0 < own } == true
        let name = isOfRoute ? "route to \(destination) mtu \(limit)" : "\(device) mtu \(limit)"
        return .found(
            Culprit(
                kind: "mtu", name: name, details: ["the packet has \(evidence.length) bytes"],
                values: ["outdev": device, "mtu": String(evidence.length)],
                remedies: remedies(evidence, isOfRoute: isOfRoute)))
    }

    private static let larger = Cause.Step(
        command: "ip link set dev {outdev} mtu {mtu}", note: "a larger MTU, if the network below carries it")

    private func remedies(_ evidence: Evidence, isOfRoute: Bool) -> [Cause.Step] {
        let segments = Cause.Step(
            command: "nft add rule {table} {chain} tcp flags syn tcp option maxseg size set rt mtu",
            note: "make TCP use segments that fit (chain at hook forward)")
        let isTCP = evidence.transport == "tcp"
        if isOfRoute {
            let route = Cause.Step(
                command: nil, note: "set the route anew without its mtu, if the network carries more")
            return [route] + (isTCP ? [segments] : [])
        }
        // A packet larger than any frame consists of several segments, whose size the trace does not show.
        return (isTCP && evidence.length > Self.largestFrame ? [] : [Self.larger]) + (isTCP ? [segments] : [])
    }

    private static let largestFrame = 9216
}

extension Evidence {
    /// Bytes of the IP packet, as its header states. Where the frame is lost, its Ethernet header may already be removed
    /// (br_nf_dev_queue_xmit, net/bridge/br_netfilter_hooks.c).
    fileprivate var networkLength: Int? {
        switch packet?.headers.network {
        case .ipv4(let header): Int(header.totalLength)
        case .ipv6(let header): header.payloadLength == 0 ? nil : Int(header.payloadLength) + 40
        default: nil
        }
    }
}
