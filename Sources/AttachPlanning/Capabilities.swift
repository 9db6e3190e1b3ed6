/// Features that the running kernel offers this process, each determined by trying, not by version.
public struct Capabilities: Sendable, Equatable {
    /// `uname -r`.
    public var release: String
    /// The perf kprobe PMU exists (CONFIG_KPROBE_EVENTS).
    public var kprobe: Bool
    /// One link for many functions (5.18, CONFIG_FPROBE).
    public var kprobeMulti: Bool
    /// One link for entry and return of many functions, which skips unwanted returns (6.10).
    public var kprobeSession: Bool
    /// Raw tracepoints can be opened.
    public var tracepoint: Bool
    /// Raw tracepoints have a cookie (6.10).
    public var tracepointCookie: Bool
    /// Type information of vmlinux (/sys/kernel/btf/vmlinux).
    public var btf: Bool
    /// Type information of modules (CONFIG_DEBUG_INFO_BTF_MODULES, 5.11).
    public var moduleBTF: Bool
    /// BPF_MAP_TYPE_RINGBUF (5.8).
    public var ringBuffer: Bool
    /// /proc/kallsyms hides addresses from this process, so that functions cannot be located.
    public var hidesAddresses = false

    public init(
        release: String, kprobe: Bool, kprobeMulti: Bool, kprobeSession: Bool = false, tracepoint: Bool = true,
        tracepointCookie: Bool, btf: Bool = true, moduleBTF: Bool = true, ringBuffer: Bool = true
    ) {
        self.release = release
        self.kprobe = kprobe
        self.kprobeMulti = kprobeMulti
        self.kprobeSession = kprobeSession
        self.tracepoint = tracepoint
        self.tracepointCookie = tracepointCookie
        self.btf = btf
        self.moduleBTF = moduleBTF
        self.ringBuffer = ringBuffer
    }

    /// The best method to attach functions here; nil if there is none.
    public var functionMethod: AttachMethod? {
        hidesAddresses ? nil : kprobeMulti ? .kprobeMulti : kprobe ? .kprobe : nil
    }

    /// The reason that functions cannot be attached, if `functionMethod` is nil.
    var functionRefusal: SkipReason { kprobe && hidesAddresses ? .hiddenAddress : .noKprobes }

    public var tracepointMethod: AttachMethod? {
        !tracepoint ? nil : tracepointCookie ? .tracepoint : .tracepointCopy
    }
}

extension Capabilities {
    /// The same kernel, with `method` as the best for functions; nil if the kernel does not have that method.
    public func limited(to method: AttachMethod) -> Capabilities? {
        var limited = self
        switch method {
        case .kprobeSession: return kprobeSession ? self : nil
        case .kprobeMulti:
            limited.kprobeSession = false
            return kprobeMulti ? limited : nil
        case .kprobe:
            limited.kprobeSession = false
            limited.kprobeMulti = false
            return kprobe ? limited : nil
        case .tracepoint, .tracepointCopy, .programCopies: return nil
        }
    }
}

/// The method by which a hook is attached.
public enum AttachMethod: String, Sendable, CaseIterable {
    /// One BPF link for all functions.
    case kprobeMulti = "kprobe.multi"
    /// One BPF link for entries and returns; used only if returns are wanted.
    case kprobeSession = "kprobe.session"
    /// One perf event per function.
    case kprobe
    /// A raw tracepoint with a cookie.
    case tracepoint = "raw_tp"
    /// A raw tracepoint with its own copy of the program.
    case tracepointCopy = "raw_tp copy"

    /// At the entry and the return of a BPF program, with copies of our own for each.
    case programCopies = "fentry+fexit"

    public var isForFunctions: Bool {
        switch self {
        case .kprobe, .kprobeMulti, .kprobeSession: true
        case .tracepoint, .tracepointCopy, .programCopies: false
        }
    }
}
