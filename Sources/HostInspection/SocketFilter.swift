internal import CSyscalls
internal import Glibc

/// The filter that packets pass before they reach a socket.
public enum SocketFilter: Sendable, Equatable {
    case none
    /// SO_ATTACH_FILTER; the number of instructions.
    case classic(Int)
    /// SO_ATTACH_BPF: a program whose instructions cannot be read.
    case extended

    /// The filter of a process's socket; nil if it cannot be read: the process has ended or has closed the socket, or
    /// permission is missing.
    public init?(ofDescriptor descriptor: Int32, process: UInt32) {
        let socket = nt_borrow_descriptor(pid_t(bitPattern: process), descriptor)
        guard socket >= 0 else { return nil }
        defer { close(socket) }
        // SO_GET_FILTER is another name for the same option number. Without a buffer the kernel returns the number of
        // instructions (net/core/filter.c, sk_get_filter).
        var length: socklen_t = 0
        guard getsockopt(socket, SOL_SOCKET, SO_ATTACH_FILTER, nil, &length) == 0 else {
            guard errno == EACCES else { return nil }
            self = .extended
            return
        }
        self = length == 0 ? .none : .classic(Int(length))
    }
}

/// The minimum TTL that a socket demands of packets (IP_MINTTL, IPV6_MINHOPCOUNT).
public enum MinimumTTL {
    /// 0 if the socket accepts any TTL; nil if it cannot be read.
    public static func of(descriptor: Int32, process: UInt32, isIPv6: Bool) -> Int32? {
        let socket = nt_borrow_descriptor(pid_t(bitPattern: process), descriptor)
        guard socket >= 0 else { return nil }
        defer { close(socket) }
        var value: Int32 = 0
        var length = socklen_t(MemoryLayout<Int32>.size)
        let level = Int32(isIPv6 ? IPPROTO_IPV6 : IPPROTO_IP)
        // include/uapi/linux/in6.h and in.h
        let option: Int32 = isIPv6 ? 73 : 21
        return getsockopt(socket, level, option, &value, &length) == 0 ? value : nil
    }
}
