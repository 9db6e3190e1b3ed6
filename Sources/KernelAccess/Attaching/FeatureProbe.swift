public import AttachPlanning
import CLibBPF
import CSyscalls
import Glibc
import SystemPackage

/// Determines the features of the running kernel by trying them.
public enum FeatureProbe {
    /// Features that need no privileges are found without them; the others are then reported as missing.
    public static func capabilities() -> Capabilities {
        Capabilities(
            release: kernelRelease(), kprobe: kprobePMU() != nil, kprobeMulti: hasMulti(BPF_TRACE_KPROBE_MULTI),
            kprobeSession: hasMulti(.kprobeSession), tracepoint: true, tracepointCookie: hasTracepointCookie(),
            btf: access("/sys/kernel/btf/vmlinux", R_OK) == 0,
            moduleBTF: hasModuleBTF(),
            ringBuffer: hasRingBuffer())
    }

    /// A kernel has BTF for all of its modules or for none; without modules the answer is yes.
    private static func hasModuleBTF() -> Bool {
        let modules = readText("/proc/modules").map { !$0.isEmpty } ?? false
        return !modules || directoryEntries("/sys/kernel/btf").count > 1
    }

    static func kernelRelease() -> String {
        readText("/proc/sys/kernel/osrelease") ?? "unknown"
    }

    /// The type number of the perf PMU for kprobes; nil without CONFIG_KPROBE_EVENTS.
    static func kprobePMU() -> UInt32? {
        readText("/sys/bus/event_source/devices/kprobe/type").flatMap { UInt32($0) }
    }

    /// Attaches to an unreadable list of functions: a kernel with the method tries to read it (EFAULT), one without
    /// CONFIG_FPROBE returns EOPNOTSUPP, an older one does not know the attach type (EINVAL).
    static func hasMulti(_ type: bpf_attach_type) -> Bool {
        let program = load(BPF_PROG_TYPE_KPROBE, [.returnZero, .exit], attachType: type)
        guard program >= 0 else { return false }
        defer { close(program) }
        let unreadable = UnsafePointer<UInt64>(bitPattern: MemoryLayout<UInt64>.alignment)
        let link = nt_kprobe_multi_link(program, type.rawValue, 0, unreadable, nil, 1)
        if link >= 0 { close(link) }
        return link == -EFAULT
    }

    /// Since 6.10, raw tracepoint programs may call bpf_get_attach_cookie.
    private static func hasTracepointCookie() -> Bool { mayAskForCookie(BPF_PROG_TYPE_RAW_TRACEPOINT) }

    /// Since 5.15, programs of kprobes may call it; see kprobes_have_cookies() of BPF/kernel/kernel_compat.h.
    static func kprobesHaveCookies() -> Bool { mayAskForCookie(BPF_PROG_TYPE_KPROBE) }

    private static func mayAskForCookie(_ type: bpf_prog_type) -> Bool {
        let getCookie = bpf_insn.call(BPF_FUNC_get_attach_cookie.rawValue)
        let program = load(type, [getCookie, .returnZero, .exit])
        guard program >= 0 else { return false }
        close(program)
        return true
    }

    private static func hasRingBuffer() -> Bool {
        let map = bpf_map_create(BPF_MAP_TYPE_RINGBUF, nil, 0, 0, UInt32(getpagesize()), nil)
        guard map >= 0 else { return false }
        close(map)
        return true
    }

    private static func load(
        _ type: bpf_prog_type, _ instructions: [bpf_insn], attachType: bpf_attach_type? = nil
    ) -> Int32 {
        var options = bpf_prog_load_opts()
        options.sz = MemoryLayout<bpf_prog_load_opts>.size
        if let attachType { options.expected_attach_type = attachType }
        return bpf_prog_load(type, "nt_probe", "GPL", instructions, instructions.count, &options)
    }
}

extension bpf_attach_type {
    /// BPF_TRACE_KPROBE_SESSION, which the headers of older libbpf lack: include/uapi/linux/bpf.h, since 6.10.
    static let kprobeSession = bpf_attach_type(rawValue: 56)
}

extension bpf_insn {
    fileprivate static let returnZero = bpf_insn(code: 0xb7, dst_reg: 0, src_reg: 0, off: 0, imm: 0)
    fileprivate static let exit = bpf_insn(code: 0x95, dst_reg: 0, src_reg: 0, off: 0, imm: 0)
    fileprivate static func call(_ helper: UInt32) -> bpf_insn {
        bpf_insn(code: 0x85, dst_reg: 0, src_reg: 0, off: 0, imm: Int32(helper))
    }
}
