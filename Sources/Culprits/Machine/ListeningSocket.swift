import Diagnosis
import HostInspection
import Netlink
import Protocols

/// A socket with its owner, in the notation of ss(8).
struct ListeningSocket: Equatable {
    let socket: InetSocket
    /// "tcp" or "udp".
    let transport: String
    /// The local address; "*" for all addresses of both families. IPv4 addresses of IPv6 sockets are printed as such.
    let address: String
    /// Name of the device to which the socket is bound; nil if it is not bound.
    let device: String?
    let owner: SocketProcess?

    /// - Parameter device: name of the device to which the socket is bound.
    init(_ socket: InetSocket, transport: String, device: String?, owner: SocketProcess?) {
        self.socket = socket
        self.transport = transport
        self.device = device
        self.owner = owner
        let isForAll = socket.isIPv6 && !socket.isIPv6Only && socket.local.isUnspecified
        address = isForAll ? "*" : Self.plain(socket.local)
    }

    private static func plain(_ address: IPAddress) -> String {
        let mapped: [UInt8] = [0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0xff, 0xff]
        guard address.isIPv6, address.bytes.starts(with: mapped) else { return address.text }
        return IPAddress(address.bytes.suffix(4))?.text ?? address.text
    }

    var port: UInt16 { socket.localPort }
    var state: InetSocket.State { socket.state }
    var memory: SocketMemory? { socket.memory }
    /// For TCP listeners, the number of connections that wait to be accepted; for UDP, bytes to be read.
    var receiveQueue: Int { Int(socket.receiveQueue) }
    /// For TCP listeners, the maximum number of connections that may wait.
    var sendQueue: Int { Int(socket.sendQueue) }
    /// The remote end.
    var peer: String { "\(Self.plain(socket.peer)):\(socket.peerPort)" }

    /// Whether SO_BINDTODEVICE lets the socket receive packets from this device.
    func isBound(to incoming: Evidence.Device?) -> Bool { device == nil || device == incoming?.name }

    /// Whether the packet's destination is an address of the socket.
    func fits(_ evidence: Evidence) -> Bool {
        switch address {
        case "*": true
        case "0.0.0.0": !evidence.isIPv6
        case "::": evidence.isIPv6
        default: address == evidence.destinationAddress
        }
    }

    var isBoundToAll: Bool { ["*", "0.0.0.0", "::"].contains(address) }

    /// Whether both ends are those of the packet.
    func isConnection(of evidence: Evidence) -> Bool {
        guard let ports = evidence.ports, let source = evidence.sourceAddress else { return false }
        return address == evidence.destinationAddress && peer == "\(source):\(ports.source)"
    }

    var description: String {
        let place = (address.contains(":") ? "[\(address)]" : address) + (device.map { "%\($0)" } ?? "")
        return "\(transport) \(place):\(port)" + (program.map { " of \($0)" } ?? "")
    }

    /// Name and process, such as "nginx (pid 12)".
    var program: String? { owner.map { "\($0.name) (pid \($0.process))" } }
}
