public import Protocols

/// A TCP or UDP socket (`struct inet_diag_msg`, include/uapi/linux/inet_diag.h).
public struct InetSocket: Hashable, Sendable {
    public var isIPv6: Bool
    /// TCP_LISTEN and so on; UDP sockets are `close`, or `established` with a peer.
    public var state: State
    public var local: IPAddress
    public var localPort: UInt16
    public var peer: IPAddress
    public var peerPort: UInt16
    /// Index of the device to which the socket is bound; 0 if it is not bound.
    public var device: UInt32 = 0
    /// Bytes to be read; of a listener, connections that wait to be accepted.
    public var receiveQueue: UInt32 = 0
    /// Bytes to be sent; of a listener, the maximum number of connections that may wait.
    public var sendQueue: UInt32 = 0
    public var user: UInt32 = 0
    public var inode: UInt32 = 0
    /// An IPv6 socket that takes no IPv4 packets (IPV6_V6ONLY).
    public var isIPv6Only = false
    public var memory: SocketMemory?
    public var tcp: TCPInformation?
    /// Peers whose segments must have an MD5 signature. Only shown to CAP_NET_ADMIN.
    public var signedPeers: [IPPrefix] = []

    /// include/net/tcp_states.h
    public enum State: UInt8, CaseIterable, Sendable {
        case established = 1
        case synSent, synReceived, finWait1, finWait2, timeWait, close, closeWait, lastAck, listen, closing
    }

    public init(state: State, local: IPAddress, localPort: UInt16, peer: IPAddress, peerPort: UInt16) {
        isIPv6 = local.isIPv6
        self.state = state
        (self.local, self.localPort) = (local, localPort)
        (self.peer, self.peerPort) = (peer, peerPort)
    }

    init?(_ message: NetlinkMessage) {
        let socketDiagnosis: UInt16 = 20
        let header = message.payload
        guard message.type == socketDiagnosis, header.count >= 72,
            let family = header.first.flatMap({ AddressFamily(rawValue: $0) }), family == .inet || family == .inet6,
            let state = header.number(at: 1, as: UInt8.self).flatMap({ State(rawValue: $0) }),
            let ports = header.bytes(at: 4, count: 4).map(Array.init)
        else { return nil }
        let size = family == .inet6 ? 16 : 4
        guard let local = header.bytes(at: 8, count: size).flatMap({ IPAddress($0) }),
            let peer = header.bytes(at: 24, count: size).flatMap({ IPAddress($0) })
        else { return nil }
        self.init(
            state: state, local: local, localPort: UInt16(ports[0]) << 8 | UInt16(ports[1]), peer: peer,
            peerPort: UInt16(ports[2]) << 8 | UInt16(ports[3]))
        device = header.number(at: 40) ?? 0
        receiveQueue = header.number(at: 56) ?? 0
        sendQueue = header.number(at: 60) ?? 0
        user = header.number(at: 64) ?? 0
        inode = header.number(at: 68) ?? 0
        let attributes = NetlinkAttributes(header, after: 72)
        // INET_DIAG_INFO, _SKMEMINFO, _SKV6ONLY, _MD5SIG
        tcp = attributes[2].flatMap(TCPInformation.init)
        memory = attributes[7].flatMap(SocketMemory.init)
        isIPv6Only = attributes.number(11, as: UInt8.self) == 1
        signedPeers = attributes[18].map(Self.signedPeers) ?? []
    }

    /// `struct tcp_diag_md5sig`, several times.
    private static func signedPeers(_ bytes: ArraySlice<UInt8>) -> [IPPrefix] {
        let size = 100
        return stride(from: 0, to: bytes.count, by: size).compactMap { start in
            guard let key = bytes.bytes(at: start, count: size), let family: UInt8 = key.number(),
                let length: UInt8 = key.number(at: 1),
                let address = key.bytes(at: 4, count: family == AddressFamily.inet6.rawValue ? 16 : 4)
            else { return nil }
            return IPAddress(address).flatMap { IPPrefix($0, length: Int(length)) }
        }
    }
}

/// Kernel memory of a socket in bytes (SK_MEMINFO_RMEM_ALLOC and so on, include/uapi/linux/sock_diag.h).
public struct SocketMemory: Hashable, Sendable {
    /// SK_MEMINFO_RMEM_ALLOC
    public var used: Int
    /// SK_MEMINFO_RCVBUF
    public var limit: Int
    /// Packets that the socket has dropped (SK_MEMINFO_DROPS).
    public var drops: Int

    public init(used: Int, limit: Int, drops: Int) {
        (self.used, self.limit, self.drops) = (used, limit, drops)
    }

    init?(_ bytes: ArraySlice<UInt8>) {
        guard let used = bytes.number(as: UInt32.self), let limit = bytes.number(at: 4, as: UInt32.self) else {
            return nil
        }
        self.init(used: Int(used), limit: Int(limit), drops: Int(bytes.number(at: 32, as: UInt32.self) ?? 0))
    }
}

/// Counters of a TCP connection (`struct tcp_info`, include/uapi/linux/tcp.h).
public struct TCPInformation: Hashable, Sendable {
    public var bytesReceived: UInt64
    public var segmentsIn: UInt32

    public init(bytesReceived: UInt64, segmentsIn: UInt32) {
        (self.bytesReceived, self.segmentsIn) = (bytesReceived, segmentsIn)
    }

    /// Returns nil for kernels that do not count.
    init?(_ bytes: ArraySlice<UInt8>) {
        guard let received: UInt64 = bytes.number(at: 128), let segments: UInt32 = bytes.number(at: 140) else {
            return nil
        }
        self.init(bytesReceived: received, segmentsIn: segments)
    }
}

/// The sockets of one protocol and family (`ss`). Refused with ENOENT if the kernel cannot list them.
public struct InetSockets: NetlinkQuestion {
    public static let subject = "sockets"
    /// 6 for TCP, 17 for UDP.
    public let ipProtocol: UInt8
    public let isIPv6: Bool
    /// The local port; 0 for all.
    public let port: UInt16
    /// Only listeners; for UDP, sockets without a peer.
    public let areWaiting: Bool

    public init(ipProtocol: UInt8, isIPv6: Bool, port: UInt16 = 0, areWaiting: Bool = false) {
        (self.ipProtocol, self.isIPv6, self.port) = (ipProtocol, isIPv6, port)
        self.areWaiting = areWaiting
    }

    private var states: UInt32 {
        let wanted: [InetSocket.State] = areWaiting ? [ipProtocol == 6 ? .listen : .close] : InetSocket.State.allCases
        return wanted.reduce(0) { $0 | 1 << UInt32($1.rawValue) }
    }

    /// `struct inet_diag_req_v2`
    public var request: NetlinkRequest {
        // INET_DIAG_INFO, INET_DIAG_SKMEMINFO
        let extensions: UInt8 = 1 << 1 | 1 << 6
        let family: AddressFamily = isIPv6 ? .inet6 : .inet
        var header: [UInt8] = [family.rawValue, ipProtocol, extensions, 0]
        header.append(number: states)
        header.append(number: port.bigEndian)
        header += [UInt8](repeating: 0, count: 46)
        return NetlinkRequest(.socketDiagnosis, type: 20, isDump: true, header: header)
    }

    public func element(_ message: NetlinkMessage) -> InetSocket? {
        InetSocket(message).flatMap { port == 0 || $0.localPort == port ? $0 : nil }
    }
}
