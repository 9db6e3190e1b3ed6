internal import CSyscalls
internal import Glibc

/// A netlink socket of a network namespace.
public final class NetlinkSocket: NetlinkChannel {
    private let fd: Int32

    /// - Parameter namespace: descriptor of the namespace; -1 for that of the calling thread.
    public init(_ netlinkProtocol: NetlinkProtocol, inNamespace namespace: Int32) throws(NetlinkError) {
        fd = nt_netlink_open(namespace, netlinkProtocol.rawValue)
        guard fd >= 0 else { throw .failed(call: "socket", errno: -fd) }
    }

    deinit { close(fd) }

    public func send(_ datagram: [UInt8]) throws(NetlinkError) {
        guard Glibc.send(fd, datagram, datagram.count, 0) == datagram.count else {
            throw .failed(call: "send", errno: errno)
        }
    }

    public func receive() throws(NetlinkError) -> [UInt8] {
        // With MSG_TRUNC the kernel reports the datagram's length.
        let flags = Int32(MSG_PEEK) | Int32(MSG_TRUNC)
        let length = try waiting("recv") { recv(fd, nil, 0, flags) }
        var failure: NetlinkError?
        let datagram = [UInt8](unsafeUninitializedCapacity: length) { buffer, count in
            do throws(NetlinkError) {
                count = try waiting("recv") { recv(fd, buffer.baseAddress, buffer.count, 0) }
            } catch {
                failure = error
            }
        }
        if let failure { throw failure }
        return datagram
    }

    private func waiting(_ call: String, _ body: () -> Int) throws(NetlinkError) -> Int {
        while true {
            let result = body()
            if result > 0 { return result }
            guard result < 0, errno == EINTR else { throw .failed(call: call, errno: result == 0 ? EPIPE : errno) }
        }
    }
}
