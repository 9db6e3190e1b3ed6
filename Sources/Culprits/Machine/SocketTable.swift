import Diagnosis
import Netlink
import Protocols

extension NamespaceView {
    /// Sockets that listen on a port, on any address.
    func listeners(on port: UInt16, transport: String) throws(InspectionFailure) -> [ListeningSocket] {
        try named(inetSockets(transport, on: port, areWaiting: true), transport)
    }

    /// All sockets on a port, including connections.
    func sockets(on port: UInt16, transport: String) throws(InspectionFailure) -> [ListeningSocket] {
        try named(inetSockets(transport, on: port), transport)
    }

    /// The sockets that may receive a packet: that of its connection, otherwise those that wait for packets. A socket bound to
    /// the packet's address takes precedence over one bound to all addresses (compute_score, net/ipv4/inet_hashtables.c).
    func receivers(of evidence: Evidence) throws(InspectionFailure) -> [ListeningSocket] {
        guard let ports = evidence.ports, let transport = evidence.transport, transport != "sctp" else { return [] }
        return receivers(of: evidence, among: try sockets(on: ports.destination, transport: transport))
    }

    /// - Parameter all: all sockets on the port.
    func receivers(of evidence: Evidence, among all: [ListeningSocket]) -> [ListeningSocket] {
        let own = all.filter { $0.isConnection(of: evidence) }
        guard own.isEmpty else { return own }
        let waiting = all.filter {
            [.listen, .close].contains($0.state) && $0.fits(evidence) && $0.isBound(to: evidence.inDevice)
        }
        let exact = waiting.filter { !$0.isBoundToAll }
        return exact.isEmpty ? waiting : exact
    }

    /// Sockets of both families without their owners, who take a look at all processes.
    ///
    /// - Parameters:
    ///   - port: the local port; 0 for all.
    ///   - areWaiting: only listeners, or UDP sockets without a peer.
    func inetSockets(
        _ transport: String, on port: UInt16 = 0, areWaiting: Bool = false
    ) throws(InspectionFailure) -> [InetSocket] {
        let number = transport == "udp" ? IPProtocol.udp : IPProtocol.tcp
        var sockets: [InetSocket] = []
        for isIPv6 in [false, true] {
            sockets += try all(
                InetSockets(ipProtocol: number, isIPv6: isIPv6, port: port, areWaiting: areWaiting))
        }
        return sockets
    }

    func named(_ sockets: [InetSocket], _ transport: String) -> [ListeningSocket] {
        guard !sockets.isEmpty else { return [] }
        let owners = socketProcesses()
        return sockets.map { socket in
            let device = socket.device == 0 ? nil : deviceName(socket.device) ?? "if\(socket.device)"
            return ListeningSocket(
                socket, transport: transport, device: device, owner: owners[UInt64(socket.inode)])
        }
    }
}
