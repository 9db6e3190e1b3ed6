public import CNettraceBPF

/// The socket that the hook or the skb names (`struct nt_sock`).
public struct SocketSection: Sendable, Equatable {
    /// Address of the `struct sock`, never 0.
    public let address: UInt64
    /// As SO_COOKIE and ss(8) show it; nil if no program has asked for one yet.
    public let cookie: UInt64?
    /// Of the socket's file; nil: closed, not accepted yet, or the kernel's own.
    public let inode: UInt64?
    /// Of the directory in the hierarchy of cgroup version 2; nil: not known.
    public let cgroup: UInt64?
    /// AF_.
    public let family: UInt16
    /// SOCK_; nil where the kernel keeps no full socket (time-wait, syncookies), and then there is no owner either.
    public let type: UInt16?
    /// IPPROTO_ where the family is AF_INET or AF_INET6.
    public let transport: UInt16
    /// TCP's states in the numbers of include/net/tcp_states.h, which other protocols borrow.
    public let state: UInt16
    /// The user who owns the socket, in the initial user namespace.
    public let uid: UInt32?
    /// Device that the socket is bound to, in the socket's namespace; nil: none.
    public let boundInterface: UInt32?

    @inlinable
    init(_ section: nt_sock) {
        address = section.address
        cookie = section.cookie == 0 ? nil : section.cookie
        inode = section.inode == 0 ? nil : section.inode
        cgroup = section.cgroup == 0 ? nil : section.cgroup
        family = section.family
        type = section.type == 0 ? nil : section.type
        transport = section.protocol
        state = section.state
        uid = section.type == 0 ? nil : section.uid
        boundInterface = section.ifindex == 0 ? nil : section.ifindex
    }
}

extension EventView {
    /// The socket; nil if the record has no such section, or the event no socket.
    @inlinable
    public var socket: SocketSection? {
        guard let offset = sections.socket, let section = bytes.load(nt_sock.self, at: offset), section.address != 0
        else { return nil }
        return SocketSection(section)
    }
}
