import Diagnosis
import Netlink
import Protocols

/// The WireGuard device that has no peer for a destination, or a peer without an endpoint (wg_xmit,
/// drivers/net/wireguard/device.c).
struct WireGuardCulprit: CulpritFinder {
    static let causes: Set = ["wireguard-no-peer"]

    func answer(
        to evidence: Evidence, cause: String, in namespace: any NamespaceView
    ) throws(InspectionFailure) -> CulpritAnswer {
        guard let device = evidence.device?.name, let destination = evidence.destinationAddress else {
            return .unknown(because: "the trace does not show the device and the destination")
        }
        let values = ["outdev": device, "dev": device]
        guard let text = try? namespace.output(of: ["wg", "show", device, "dump"]) else {
            return .found(
                Culprit(
                    kind: "device", name: "\(device): no peer for \(destination), or one without an endpoint",
                    details: ["'wg show \(device)' shows which; the command wg is not installed"], values: values))
        }
        // The first line describes the device. The fields of a peer are: key, preshared key, endpoint, allowed IPs, …
        let peers = text.split(separator: "\n").dropFirst().map { $0.split(separator: "\t") }.filter { $0.count > 3 }
        let owner = peers.compactMap { peer -> (peer: [Substring], length: Int)? in
            let lengths = peer[3].split(separator: ",").compactMap { IPPrefix(text: String($0)) }
                .filter { $0.contains(destination) }.map(\.length)
            return lengths.max().map { (peer, $0) }
        }.max { $0.length < $1.length }
        guard let owner else {
            return .found(
                Culprit(
                    kind: "device", name: "\(device): no peer for \(destination)",
                    details: peers.isEmpty
                        ? ["it has no peers"] : peers.map { "peer \($0[0]) takes \($0[3].replacing(",", with: ", "))" },
                    values: values))
        }
        guard owner.peer[2] == "(none)" else {
            return .unknown(because: "peer \(owner.peer[0]) takes \(destination) by now, at \(owner.peer[2])")
        }
        return .found(
            Culprit(
                kind: "device", name: "\(device): the peer for \(destination) has no endpoint",
                details: ["peer \(owner.peer[0])"], values: values.merging(["peer": String(owner.peer[0])]) { $1 },
                remedies: [
                    Cause.Step(
                        command: nil,
                        note:
                            "let the peer send first, or set its address: wg set {outdev} peer {peer} endpoint ADDRESS:PORT"
                    )
                ]))
    }
}
