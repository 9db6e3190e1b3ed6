/// What the running kernel lets this process do; each found by trying, not by version.
public struct Capabilities: Sendable, Equatable {
    /// `uname -r`.
    public var release: String
    /// The perf kprobe PMU exists (CONFIG_KPROBE_EVENTS).
    public var kprobe: Bool
    /// One link for many functions (5.18, CONFIG_FPROBE).
    public var kprobeMulti: Bool
    /// One link for entry and return of many functions, without the returns that nobody wants (6.10).
    public var kprobeSession: Bool
    /// Raw tracepoints can be opened.
    public var tracepoint: Bool
    /// Raw tracepoints carry a cookie (6.10).
    public var tracepointCookie: Bool
    /// Type information of vmlinux (/sys/kernel/btf/vmlinux).
    public var btf: Bool
    /// Type information of modules (CONFIG_DEBUG_INFO_BTF_MODULES, 5.11).
    public var moduleBTF: Bool
    /// BPF_MAP_TYPE_RINGBUF (5.8).
    public var ringBuffer: Bool
    /// /proc/kallsyms shows this process no addresses, so it cannot say where functions are.
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

    /// How functions are attached here, best first; `nil`: not at all.
    public var functionMethod: AttachMethod? {
        hidesAddresses ? nil : kprobeMulti ? .kprobeMulti : kprobe ? .kprobe : nil
    }

    /// Why functions cannot be attached, where that is so.
    var functionRefusal: SkipReason { kprobe && hidesAddresses ? .hiddenAddress : .noKprobes }

    public var tracepointMethod: AttachMethod? {
        !tracepoint ? nil : tracepointCookie ? .tracepoint : .tracepointCopy
    }
}

extension Capabilities {
    /// The same kernel, with functions attached by `method` and nothing better. `nil`: it does not have that method.
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

/// By what a hook is attached.
public enum AttachMethod: String, Sendable, CaseIterable {
    /// One BPF link for all functions.
    case kprobeMulti = "kprobe.multi"
    /// One BPF link for entries and returns; only where returns are wanted.
    case kprobeSession = "kprobe.session"
    /// One perf event per function.
    case kprobe
    /// A raw tracepoint that brings its cookie.
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
