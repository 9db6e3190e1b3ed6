/// Names that D has before any text is read.
enum StandardTypes {
    private static func signed(_ bits: Int) -> DType { .integer(IntegerType(bits: bits, isSigned: true)) }
    private static func unsigned(_ bits: Int) -> DType { .integer(IntegerType(bits: bits, isSigned: false)) }

    static let typedefs: [String: DType] = [
        "int8_t": signed(8), "int16_t": signed(16), "int32_t": signed(32), "int64_t": signed(64),
        "uint8_t": unsigned(8), "uint16_t": unsigned(16), "uint32_t": unsigned(32), "uint64_t": unsigned(64),
        "u_int8_t": unsigned(8), "u_int16_t": unsigned(16), "u_int32_t": unsigned(32), "u_int64_t": unsigned(64),
        "intptr_t": signed(64), "uintptr_t": unsigned(64), "size_t": unsigned(64), "ssize_t": signed(64),
        "ptrdiff_t": signed(64), "off_t": signed(64), "longlong_t": signed(64), "u_longlong_t": unsigned(64),
        "uchar_t": .integer(IntegerType(bits: 8, isSigned: false, isCharacter: true)),
        "ushort_t": unsigned(16), "uint_t": unsigned(32), "ulong_t": unsigned(64), "uint": unsigned(32),
        "pid_t": signed(32), "id_t": signed(32), "uid_t": unsigned(32), "gid_t": unsigned(32), "dev_t": unsigned(32),
        "mode_t": unsigned(32), "time_t": signed(64), "hrtime_t": signed(64), "clock_t": signed(64),
        "zoneid_t": signed(32), "projid_t": signed(32), "taskid_t": signed(32), "processorid_t": signed(32),
        "boolean_t": signed(32), "major_t": unsigned(32), "minor_t": unsigned(32),
    ]

    private static let uint64 = unsigned(64)

    static let builtins: [String: (builtin: Builtin, type: DType)] = {
        var all: [String: (builtin: Builtin, type: DType)] = [
            "timestamp": (.timestamp, uint64), "walltimestamp": (.walltimestamp, signed(64)),
            "vtimestamp": (.vtimestamp, uint64), "cpu": (.cpu, signed(32)), "pid": (.pid, signed(32)),
            "tid": (.tid, signed(32)), "ppid": (.ppid, signed(32)), "uid": (.uid, unsigned(32)),
            "gid": (.gid, unsigned(32)), "execname": (.execname, .string), "errno": (.errno, signed(32)),
            "probeprov": (.probeprov, .string), "probemod": (.probemod, .string), "probefunc": (.probefunc, .string),
            "probename": (.probename, .string), "epid": (.epid, unsigned(32)), "id": (.id, unsigned(32)),
            "ipl": (.ipl, unsigned(32)), "stackdepth": (.stackdepth, unsigned(32)), "caller": (.caller, unsigned(64)),
        ]
        for number in 0...9 { all["arg\(number)"] = (.argument(number), signed(64)) }
        return all
    }()

    /// Values of probes that the translators of the shipped libraries read; their struct, or the type itself.
    static let inputs: [String: (input: ProbeInput, structure: String?, type: DType)] = [
        "probe_skb": (.socketBuffer, "sk_buff", .void), "probe_sock": (.socket, "sock", .void),
        "probe_device": (.device, "net_device", .void), "probe_ipv4": (.ipv4Header, "iphdr", .void),
        "probe_ipv6": (.ipv6Header, "ipv6hdr", .void), "probe_tcp": (.tcpHeader, "tcphdr", .void),
        "probe_udp": (.udpHeader, "udphdr", .void), "probe_network_length": (.networkLength, nil, unsigned(32)),
        "probe_header_length": (.networkHeaderLength, nil, unsigned(32)),
        "probe_old_state": (.oldState, nil, signed(32)),
        "probe_hz": (.ticksPerSecond, nil, unsigned(32)), "probe_new_state": (.newState, nil, signed(32)),
        "probe_drop_reason": (.dropReason, nil, unsigned(32)),
        "probe_drop_location": (.dropLocation, nil, unsigned(64)),
    ]

    /// Names that refer to user space.
    static let userSpace: Set<String> = [
        "ustack", "jstack", "usym", "uaddr", "umod", "ufunc", "ucaller", "uregs", "ustackdepth",
    ]
}
