public import Tracers

/// The thing that a hook's records describe: each kind has programs of its own.
public enum HookSubject: Sendable, Equatable {
    case packet
    case socket
    /// Frames that XDP has lost.
    case frame
}

extension PlannedHook {
    public var subject: HookSubject { frameLoss != nil ? .frame : socketEvent != nil ? .socket : .packet }

    /// nil if it is no tracepoint of XDP.
    public var frameLoss: FrameLoss? { kind == .tracepoint ? FrameLoss(rawValue: kernelName) : nil }
}

extension KernelTracepoint {
    /// Whether its events show a packet, a socket, or what became of a frame.
    var isUsable: Bool { (arguments.isTraceable && arguments.isReachable) || FrameLoss(rawValue: name) != nil }
}
