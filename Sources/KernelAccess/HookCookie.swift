import AttachPlanning
import CNettraceBPF
import Tracers

extension PlannedHook {
    /// All that the generic programs must know about this hook, packed as BPF/include/nettrace_abi.h says.
    func cookie(index: Int) -> UInt64 {
        var cookie = UInt64(index) << NT_COOKIE_HOOK_SHIFT
        cookie |= UInt64(arguments.skb ?? 0) << NT_COOKIE_SKB_SHIFT
        cookie |= UInt64(arguments.sock ?? 0) << NT_COOKIE_SOCK_SHIFT
        cookie |= UInt64(arguments.reason ?? 0) << NT_COOKIE_REASON_SHIFT
        let location = purpose == .link ? arguments.original : arguments.location
        cookie |= UInt64(location ?? 0) << NT_COOKIE_LOCATION_SHIFT
        cookie |= UInt64(UInt16(truncatingIfNeeded: arguments.skbMember ?? 0)) << NT_COOKIE_MEMBER_SHIFT
        var hookFlags: Int32 = 0
        if flags.contains(.drop) { hookFlags |= Int32(NT_HOOK_DROP) }
        if flags.contains(.free) { hookFlags |= Int32(NT_HOOK_FREE) }
        if recordsStack { hookFlags |= Int32(NT_HOOK_STACK) }
        if recordsReturn { hookFlags |= Int32(NT_HOOK_RETURN) }
        if purpose != .event { hookFlags |= Int32(NT_HOOK_SILENT) }
        if purpose == .link { hookFlags |= Int32(NT_HOOK_LINK) }
        if arguments.skbMember != nil { hookFlags |= Int32(NT_HOOK_INDIRECT) }
        return cookie | UInt64(UInt32(bitPattern: hookFlags)) << NT_COOKIE_FLAGS_SHIFT
    }
}
