/// The positions of useful arguments of a function or tracepoint.
///
/// Positions count from 1, as in the kernel's prototype (tracepoints: without the leading `__data`); nil if there is no
/// such argument. They come from the running kernel's BTF.
public struct HookArguments: Sendable, Equatable, Hashable {
    /// `struct sk_buff *`, or a pointer to a struct with such a pointer at ``skbMember``.
    public var skb: Int?
    /// Byte offset of the skb pointer within the struct to which the argument points; nil if the argument is the skb.
    public var skbMember: Int?
    /// `struct sock *` or a type that begins with one.
    public var sock: Int?
    /// `enum skb_drop_reason` (include/net/dropreason-core.h).
    public var reason: Int?
    /// Address of the caller, as `skb:kfree_skb` passes it.
    public var location: Int?
    /// A second `struct sk_buff *`: the original, in functions that copy.
    public var original: Int?
    /// `struct request_sock *`, which may be ``sock`` as well.
    public var request: Int?
    /// `enum sk_rst_reason` (include/net/rstreason.h).
    public var resetReason: Int?
    /// Integer arguments, in order.
    public var numbers: [Int] = []

    public init(
        skb: Int? = nil, skbMember: Int? = nil, sock: Int? = nil, reason: Int? = nil, location: Int? = nil,
        original: Int? = nil
    ) {
        self.skb = skb
        self.skbMember = skbMember
        self.sock = sock
        self.reason = reason
        self.location = location
        self.original = original
    }

    /// Whether an argument identifies a packet or a connection.
    public var isTraceable: Bool { skb != nil || sock != nil }

    /// Whether skb, sock, reason and location are among the first five arguments, which BPF programs can read from
    /// registers.
    public var isReachable: Bool {
        [skb, sock, reason, location].allSatisfy { ($0 ?? 1) <= 5 }
    }
}

/// A function of the running kernel or of a loaded module.
public struct KernelFunction: Sendable, Equatable {
    /// The name in the source, without suffixes such as `.isra.0`.
    public var name: String
    /// nil for vmlinux.
    public var module: String?
    /// Entry points from /proc/kallsyms: several if files have static functions of this name, empty if it is inlined
    /// everywhere, zeros if the addresses are hidden from this process.
    public var addresses: [UInt64]
    /// nil if the kernel has no type information for it, or contradictory ones.
    public var arguments: HookArguments?
    public var returns: ReturnType
    /// Whether BTF has a type for it.
    public var hasTypes: Bool

    public init(
        name: String, module: String? = nil, addresses: [UInt64] = [], arguments: HookArguments? = nil,
        returns: ReturnType = .unknown, hasTypes: Bool? = nil
    ) {
        self.name = name
        self.module = module
        self.addresses = addresses
        self.arguments = arguments
        self.returns = returns
        self.hasTypes = hasTypes ?? (arguments != nil)
    }

    /// Whether it exists, as a symbol or at least inlined in its callers.
    public var isKnown: Bool { hasTypes || !addresses.isEmpty }
}

/// A tracepoint of the running kernel; BTF has its name, but not its category.
public struct KernelTracepoint: Sendable, Equatable {
    public var name: String
    public var module: String?
    public var arguments: HookArguments

    public init(name: String, module: String? = nil, arguments: HookArguments) {
        self.name = name
        self.module = module
        self.arguments = arguments
    }
}

/// All functions and tracepoints of a kernel as data, so that a plan can be made without that kernel.
public struct KernelInventory: Sendable {
    public var functions: [String: KernelFunction]
    public var tracepoints: [String: KernelTracepoint]
    /// Categories by tracepoint name ("kfree_skb" → "skb"), as far as tracefs can be read.
    public var categories: [String: String]
    /// BPF programs that others have loaded, of the families that can be traced; `nil`: the kernel does not list them.
    public var programs: [KernelProgram]? = []

    public init(
        functions: [String: KernelFunction] = [:], tracepoints: [String: KernelTracepoint] = [:],
        categories: [String: String] = [:]
    ) {
        self.functions = functions
        self.tracepoints = tracepoints
        self.categories = categories
    }
}
