import Diagnosis
import Netlink
import Protocols

/// A destination without a listening socket, with the sockets that use the same port on other addresses or devices.
struct ListenerCulprit: CulpritFinder {
    static let causes: Set = ["no-listener"]

    func answer(
        to evidence: Evidence, cause: String, in namespace: any NamespaceView
    ) throws(InspectionFailure) -> CulpritAnswer {
        guard let ports = evidence.ports, let transport = evidence.transport, transport != "sctp",
            let destination = evidence.destinationAddress
        else { return .none }
        // Without a drop reason from the kernel, the packet may belong to a connection, which needs no listener.
        if !evidence.hasTellingReason, let all = try? namespace.sockets(on: ports.destination, transport: transport),
            all.contains(where: { $0.isConnection(of: evidence) })
        {
            return .unknown(because: "the packet's connection is there")
        }
        let listeners = try namespace.listeners(on: ports.destination, transport: transport)
        let place = "\(transport) \(destination) port \(ports.destination)"
        guard !listeners.isEmpty else {
            let connected = transport == "udp" ? ownedByPeers(ports.destination, namespace) : []
            return .found(
                Culprit(
                    kind: "socket", name: "no socket for \(place)",
                    details: connected.isEmpty
                        ? ["nothing in this network namespace listens on \(transport) port \(ports.destination)"]
                            + clientsPort(ports.destination, namespace)
                        : connected.map { "\($0.description) takes packets of \($0.peer) only: it is connected" }))
        }
        let vrf = evidence.inDevice.flatMap { namespace.vrf(of: $0.name) }
        if let fitting = listeners.first(where: { socket in
            socket.fits(evidence) && (socket.isBound(to: evidence.inDevice) || socket.device == vrf)
        }) {
            if let vrf, fitting.device == nil, let refusal = refusal(of: vrf, to: fitting, in: namespace) {
                return .found(refusal)
            }
            return .unknown(
                because:
                    "\(fitting.description) listens there by now; it may have started since, or the connection is over")
        }
        return .found(
            Culprit(
                kind: "socket", name: "no socket for \(place)",
                details: listeners.map { listener in
                    listener.address == "::" && !evidence.isIPv6
                        ? "\(listener.description) takes IPv6 only (IPV6_V6ONLY)"
                        : "\(listener.description) listens on another address or device"
                }))
    }

    /// A note if the port is in the range from which clients get theirs: client sockets are short-lived.
    private func clientsPort(_ port: UInt16, _ namespace: any NamespaceView) -> [String] {
        let setting = namespace.sysctl("net/ipv4/ip_local_port_range") ?? ""
        let ends = setting.split { $0 == " " || $0 == "\t" }.compactMap { UInt16($0) }
        guard ends.count == 2, ends[0] <= ends[1], ends[0]...ends[1] ~= port else { return [] }
        return [
            "it is a port for clients (\(ends[0]) to \(ends[1])): one that has gone leaves late answers without a socket"
        ]
    }

    /// UDP sockets on a port that have a peer.
    private func ownedByPeers(_ port: UInt16, _ namespace: any NamespaceView) -> [ListeningSocket] {
        ((try? namespace.sockets(on: port, transport: "udp")) ?? []).filter { $0.state == .established }
    }

    /// Packets that arrive by a VRF are for sockets of that VRF, and for other sockets only if the sysctl allows it
    /// (include/net/inet_sock.h, inet_bound_dev_eq). The setting applies to both families.
    private func refusal(of vrf: String, to socket: ListeningSocket, in namespace: any NamespaceView) -> Culprit? {
        let name = "\(socket.transport)_l3mdev_accept"
        guard namespace.sysctl("net/ipv4/" + name) == "0" else { return nil }
        return Culprit(
            kind: "sysctl", name: "net.ipv4.\(name) = 0",
            details: [
                "the packet came by the VRF \(vrf), and \(socket.description) is bound to none",
                "start it with `ip vrf exec \(vrf)`, or let sockets without a VRF serve all: 1",
            ],
            values: ["sysctl": "net.ipv4.\(name)"],
            remedies: [Cause.Step(command: "sysctl -w {sysctl}=1", note: "let sockets without a VRF serve all VRFs")])
    }
}
