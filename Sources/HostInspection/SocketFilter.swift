internal import CSyscalls
internal import Glibc

/// What looks at a socket's packets before the socket gets them.
public enum SocketFilter: Sendable, Equatable {
    case none
    /// SO_ATTACH_FILTER, in instructions.
    case classic(Int)
    /// SO_ATTACH_BPF: a program whose text cannot be had.
    case extended

    /// The filter of a process's socket; nil where that cannot be told: the process has ended, has closed the socket, or
    /// may not be looked at.
    public init?(ofDescriptor descriptor: Int32, process: UInt32) {
        let socket = nt_borrow_descriptor(pid_t(bitPattern: process), descriptor)
        guard socket >= 0 else { return nil }
        defer { close(socket) }
        // Asked for, the option has another name of the same number, SO_GET_FILTER. With no room given the kernel tells how
        // many instructions there are (net/core/filter.c, sk_get_filter).
        var length: socklen_t = 0
        guard getsockopt(socket, SOL_SOCKET, SO_ATTACH_FILTER, nil, &length) == 0 else {
            guard errno == EACCES else { return nil }
            self = .extended
            return
        }
        self = length == 0 ? .none : .classic(Int(length))
    }
}

/// The TTL that packets must have for a socket (IP_MINTTL, IPV6_MINHOPCOUNT).
public enum MinimumTTL {
    /// 0: any will do; nil where it cannot be told.
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
