import Glibc

/// Return values of kernel functions by their names in the kernel's source.
enum ReturnValue {
    /// Verdicts and results by name: include/uapi/linux/netfilter.h, pkt_cls.h, bpf.h and include/linux/netdevice.h.
    private static let names: [String: Int64] = [
        "NF_DROP": 0, "NF_ACCEPT": 1, "NF_STOLEN": 2, "NF_QUEUE": 3, "NF_REPEAT": 4,
        "TC_ACT_OK": 0, "TC_ACT_RECLASSIFY": 1, "TC_ACT_SHOT": 2, "TC_ACT_PIPE": 3, "TC_ACT_STOLEN": 4,
        "XDP_ABORTED": 0, "XDP_DROP": 1, "XDP_PASS": 2, "XDP_TX": 3, "XDP_REDIRECT": 4,
        "NET_RX_SUCCESS": 0, "NET_RX_DROP": 1, "NET_XMIT_SUCCESS": 0, "NET_XMIT_DROP": 1, "NET_XMIT_CN": 2,
        "false": 0, "true": 1, "NULL": 0,
    ]

    private static let errors: [String: Int32] = [
        "EPERM": EPERM, "ENOENT": ENOENT, "ESRCH": ESRCH, "EIO": EIO, "ENXIO": ENXIO, "E2BIG": E2BIG, "EAGAIN": EAGAIN,
        "ENOMEM": ENOMEM, "EACCES": EACCES, "EFAULT": EFAULT, "EBUSY": EBUSY, "EEXIST": EEXIST, "EXDEV": EXDEV,
        "ENODEV": ENODEV, "EINVAL": EINVAL, "ENOSPC": ENOSPC, "ERANGE": ERANGE, "ELOOP": ELOOP, "ENODATA": ENODATA,
        "EPROTO": EPROTO, "EBADMSG": EBADMSG, "EMSGSIZE": EMSGSIZE, "EPROTONOSUPPORT": EPROTONOSUPPORT,
        "EOPNOTSUPP": EOPNOTSUPP, "EAFNOSUPPORT": EAFNOSUPPORT, "EADDRNOTAVAIL": EADDRNOTAVAIL, "ENETDOWN": ENETDOWN,
        "ENETUNREACH": ENETUNREACH, "ECONNREFUSED": ECONNREFUSED, "ECONNRESET": ECONNRESET, "ENOBUFS": ENOBUFS,
        "ENOTCONN": ENOTCONN, "ETIMEDOUT": ETIMEDOUT, "EHOSTDOWN": EHOSTDOWN, "EHOSTUNREACH": EHOSTUNREACH,
        "EINPROGRESS": EINPROGRESS, "EREMCHG": EREMCHG, "EKEYREJECTED": EKEYREJECTED,
        "EOVERFLOW": EOVERFLOW, "EBADRQC": EBADRQC,
    ]

    /// Accepted spellings, for an error message.
    static let remedy =
        "write a verdict (NF_DROP, TC_ACT_SHOT, XDP_DROP, NET_RX_DROP, …), a negative errno (-EINVAL), "
        + "true, false, NULL or a number"

    /// `-EINVAL`; the number where the error has no name here.
    static func name(ofError number: Int32) -> String {
        errors.first { $0.value == -number }.map { "-\($0.key)" } ?? String(number)
    }

    /// The number of a spelling; nil if it is not known.
    static func number(_ spelling: String) -> Int64? {
        if let value = names[spelling] { return value }
        if spelling.hasPrefix("-"), let code = errors[String(spelling.dropFirst())] { return -Int64(code) }
        return Int64(spelling)
    }
}
