import AttachPlanning
import CNettraceBPF
import Tracers

extension PlannedHook {
    /// Everything that the generic programs must know about this hook, packed as in BPF/include/nettrace_abi.h.
    func cookie(index: Int) -> UInt64 {
        if let socketEvent { return cookie(index: index, of: socketEvent) }
        if let frameLoss { return cookie(index: index, of: frameLoss) }
        var cookie = UInt64(index) << NT_COOKIE_HOOK_SHIFT
        cookie |= UInt64(arguments.skb ?? 0) << NT_COOKIE_SKB_SHIFT
        cookie |= UInt64(arguments.sock ?? 0) << NT_COOKIE_SOCK_SHIFT
        cookie |= UInt64(arguments.reason ?? 0) << NT_COOKIE_REASON_SHIFT
        let location = purpose == .link ? arguments.original : arguments.location
        cookie |= UInt64(location ?? 0) << NT_COOKIE_LOCATION_SHIFT
        cookie |= UInt64(UInt16(truncatingIfNeeded: arguments.skbMember ?? 0)) << NT_COOKIE_MEMBER_SHIFT
        var hookFlags: Int32 = 0
        if flags.contains(.drop) { hookFlags |= Int32(NT_HOOK_DROP) }
        if arguments.reason != nil { hookFlags |= Int32(NT_HOOK_REASON) }
        if flags.contains(.free) { hookFlags |= Int32(NT_HOOK_FREE) }
        if recordsStack { hookFlags |= Int32(NT_HOOK_STACK) }
        if probesReturn { hookFlags |= Int32(NT_HOOK_RETURN) }
        if purpose != .event { hookFlags |= Int32(NT_HOOK_SILENT) }
        if purpose == .link { hookFlags |= Int32(NT_HOOK_LINK) }
        if arguments.skbMember != nil { hookFlags |= Int32(NT_HOOK_INDIRECT) }
        return cookie | UInt64(UInt32(bitPattern: hookFlags)) << NT_COOKIE_FLAGS_SHIFT
    }

    /// The same for the program of lost frames, packed as in BPF/include/nettrace_frame.h.
    private func cookie(index: Int, of loss: FrameLoss) -> UInt64 {
        UInt64(index) << NT_COOKIE_HOOK_SHIFT | UInt64(loss.number) << NT_COOKIE_FRAME_SHIFT
            | (recordsStack ? UInt64(NT_HOOK_STACK) << NT_COOKIE_FLAGS_SHIFT : 0)
    }

    /// The same for the programs of socket events, packed as in BPF/include/nettrace_sock.h.
    private func cookie(index: Int, of event: SocketEvent) -> UInt64 {
        func position(_ argument: Int?) -> UInt64 { UInt64(argument.flatMap { $0 <= 5 ? $0 : nil } ?? 0) }
        var cookie = UInt64(index) << NT_COOKIE_HOOK_SHIFT
        cookie |= position(arguments.skbMember == nil ? arguments.skb : nil) << NT_COOKIE_SKB_SHIFT
        cookie |= position(arguments.sock) << NT_COOKIE_SOCK_SHIFT
        cookie |= position(arguments.request) << NT_COOKIE_REQUEST_SHIFT
        cookie |= UInt64(event.number) << NT_COOKIE_KIND_SHIFT
        switch event {
        case .state:
            cookie |= position(arguments.numbers.first) << NT_COOKIE_DETAIL_SHIFT
            cookie |= position(arguments.numbers.dropFirst().first) << NT_COOKIE_DETAIL2_SHIFT
        case .timeout: cookie |= position(arguments.numbers.first) << NT_COOKIE_DETAIL_SHIFT
        case .resetSent: cookie |= position(arguments.resetReason) << NT_COOKIE_DETAIL_SHIFT
        default: break
        }
        return cookie | (recordsStack ? UInt64(NT_HOOK_STACK) << NT_COOKIE_FLAGS_SHIFT : 0)
    }
}
