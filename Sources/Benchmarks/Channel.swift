internal import CSyscalls
import Glibc

/// Two connected sockets, each in a network namespace of its own, both in this process: a message has arrived when the
/// system call returns, and no other process takes part.
struct Channel: ~Copyable {
    enum Transport: String, CaseIterable {
        case udp, tcp

        fileprivate var socketType: Int32 {
            Int32((self == .udp ? SOCK_DGRAM : SOCK_STREAM).rawValue)
        }
    }

    /// The namespaces of the two sockets, by their names in ip-netns(8).
    struct Ends {
        var client, server: String
        /// IPv4 address of the server.
        var address: String
    }

    private let client: Int32
    private let server: Int32
    private static let message = [UInt8](repeating: 0x6e, count: 64)

    init(_ transport: Transport, between ends: Ends, port: UInt16) throws(BenchmarkError) {
        (client, server) = try Self.connect(transport, ends, port)
    }

    deinit {
        close(client)
        close(server)
    }

    /// Sends one message in each direction. Returns false if the network did not deliver one.
    func exchange() -> Bool {
        Self.carry(from: client, to: server) && Self.carry(from: server, to: client)
    }

    private static func carry(from: Int32, to: Int32) -> Bool {
        message.withUnsafeBytes { message in
            withUnsafeTemporaryAllocation(byteCount: message.count, alignment: 1) { received in
                send(from, message.baseAddress, message.count, 0) == message.count
                    && recv(to, received.baseAddress, received.count, Int32(MSG_WAITALL)) == message.count
            }
        }
    }

    private static func connect(
        _ transport: Transport, _ ends: Ends, _ port: UInt16
    ) throws(BenchmarkError) -> (client: Int32, server: Int32) {
        var address = sockaddr_in()
        address.sin_family = sa_family_t(AF_INET)
        address.sin_port = port.bigEndian
        guard inet_pton(AF_INET, ends.address, &address.sin_addr) == 1 else {
            throw BenchmarkError("'\(ends.address)' is not an IPv4 address")
        }
        let listener = try makeSocket(transport, in: ends.server)
        guard call(bind, listener, address), transport == .udp || listen(listener, 1) == 0 else {
            throw BenchmarkError(failed: "listen at \(ends.address), port \(port), in \(ends.server)")
        }
        let client = try makeSocket(transport, in: ends.client)
        guard call(Glibc.connect, client, address) else {
            throw BenchmarkError(failed: "connect to \(ends.address), port \(port), from \(ends.client)")
        }
        guard transport == .tcp else {
            try connectBack(listener, to: client)
            return (client, listener)
        }
        let server = accept(listener, nil, nil)
        close(listener)
        for end in [client, server] {
            var one: Int32 = 1
            setsockopt(end, Int32(IPPROTO_TCP), TCP_NODELAY, &one, socklen_t(MemoryLayout<Int32>.size))
        }
        return (client, server)
    }

    /// Sends a first datagram, whose sender becomes the peer of the server's socket.
    private static func connectBack(_ server: Int32, to client: Int32) throws(BenchmarkError) {
        var peer = sockaddr_in()
        var size = socklen_t(MemoryLayout<sockaddr_in>.size)
        var byte: UInt8 = 0
        let arrived = withUnsafeMutablePointer(to: &peer) { peer in
            peer.withMemoryRebound(to: sockaddr.self, capacity: 1) { peer in
                send(client, &byte, 1, 0) == 1 && recvfrom(server, &byte, 1, 0, peer, &size) == 1
                    && Glibc.connect(server, peer, size) == 0
            }
        }
        guard arrived else { throw BenchmarkError(failed: "send a datagram through the namespaces") }
    }

    private static func makeSocket(_ transport: Transport, in namespace: String) throws(BenchmarkError) -> Int32 {
        let entrance = open("/run/netns/\(namespace)", O_RDONLY | O_CLOEXEC)
        guard entrance >= 0 else { throw BenchmarkError(failed: "open the network namespace '\(namespace)'") }
        defer { close(entrance) }
        let socket = nt_socket_in_namespace(entrance, AF_INET, transport.socketType, 0)
        guard socket >= 0 else {
            errno = -socket
            throw BenchmarkError(failed: "open a socket in the network namespace '\(namespace)'")
        }
        return socket
    }

    private static func call(
        _ body: (Int32, UnsafePointer<sockaddr>, socklen_t) -> Int32, _ socket: Int32, _ address: sockaddr_in
    ) -> Bool {
        withUnsafePointer(to: address) { address in
            address.withMemoryRebound(to: sockaddr.self, capacity: 1) { address in
                body(socket, address, socklen_t(MemoryLayout<sockaddr_in>.size)) == 0
            }
        }
    }
}
