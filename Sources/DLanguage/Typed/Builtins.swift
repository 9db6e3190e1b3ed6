/// The variables that D has of its own, except `args` and those that the shipped libraries define.
public enum Builtin: Hashable, Sendable {
    case timestamp, walltimestamp, vtimestamp
    case cpu, pid, tid, ppid, uid, gid, execname, errno
    case probeprov, probemod, probefunc, probename
    /// The clause's enabled probe, and the probe.
    case epid, id
    case ipl, stackdepth, caller
    /// `struct task_struct *`
    case curthread
    /// `arg0` … `arg9`: 64 bits, signed. `ProbeSignature.words` says which input each is; without an entry it is 0.
    /// In ERROR `arg1` … `arg5` are the clause's epid, the number of its statement from 1 on, 0, the kind of the fault
    /// (DTRACEFLT_), and its address.
    case argument(Int)
}

/// A value that a probe has when it fires.
public enum ProbeInput: Hashable, Sendable {
    /// The n-th parameter of the function, tracepoint or system call.
    case parameter(Int)
    /// Of a function or system call.
    case returnValue
    /// `arg0` and `arg1` of profile: the kernel's or the user's program counter, 0 in the other mode.
    case kernelCounter, userCounter

    /// `struct sk_buff *`, `struct sock *`, `struct net_device *`; 0 if the probe has none.
    case socketBuffer, socket, device
    /// Pointers to the headers in kernel memory, `skb->head` + offset; 0 if the packet has no such header.
    case ipv4Header, ipv6Header, tcpHeader, udpHeader
    /// uint32_t. Bytes from the start of the network header to the end of the packet.
    case networkLength
    /// uint32_t. Bytes of the network header; of IPv6 its extension headers (hop-by-hop, routing, fragment,
    /// destination options, authentication) included.
    case networkHeaderLength
    /// int32_t. States of a connection before and after the change, as TCP_STATE_ numbers.
    case oldState, newState
    /// uint32_t, and a pointer: SKB_DROP_REASON_ and the place in the kernel.
    case dropReason, dropLocation
    /// uint32_t. The kernel's jiffies per second.
    case ticksPerSecond
    /// No value: 0.
    case zero
}

/// A function of D that is part of an expression. Arguments are converted to what the comment says.
public enum Subroutine: String, Hashable, Sendable, CaseIterable {
    // Results are `.addressText`.
    /// A pointer to 4 bytes of kernel memory.
    case inet_ntoa
    /// A pointer to 16 bytes of kernel memory.
    case inet_ntoa6
    /// int (AF_INET 2, AF_INET6 10), pointer.
    case inet_ntop

    // Integers of the size of the result.
    case htons, ntohs, htonl, ntohl, htonll, ntohll

    // Texts.
    /// strchr, strrchr, strstr and strtok return the empty text if there is nothing to return. strtok's first argument is
    /// the pointer constant 0 to go on with the text of the call before.
    case strjoin, strlen, strchr, strrchr, strstr, strtok, index, rindex, substr
    case toupper, tolower, basename, dirname, cleanpath
    /// int64 [, int base]
    case lltostr
    /// string [, int base] → int64
    case strtoll

    /// () → int
    case rand
    case copyin, copyinstr, copyinto, alloca, bcopy, copyout, copyoutstr
    case getmajor, getminor, link_ntop, progenyof, rw_read_held, rw_write_held, rw_iswriter
    case mutex_owned, mutex_owner, mutex_type_adaptive, mutex_type_spin, msgsize, msgdsize, ddi_pathname, d_path
    case speculation
    /// The value of `stack(frames)`, `sym(address)`, `func(address)`, `mod(address)` as a key or argument: `type` says all.
    case stack, sym, `func`, mod
}
