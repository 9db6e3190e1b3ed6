import CNettraceBPF

/// A tracepoint of include/trace/events/xdp.h that reports frames which XDP has lost. None of them has an skb, and none
/// shows the packet.
public enum FrameLoss: String, CaseIterable, Sendable {
    /// The program failed, or its verdict cannot be carried out.
    case exception = "xdp_exception"
    /// A redirect failed.
    case redirect = "xdp_redirect_err"
    /// Frames that XDP_TX sends back were refused.
    case transmission = "xdp_bulk_tx"
    /// Redirected frames were refused by the device to which they were sent.
    case deviceMap = "xdp_devmap_xmit"
    /// Redirected frames found no room in the queue of another CPU.
    case processorQueue = "xdp_cpumap_enqueue"
    /// Redirected frames arrived on the other CPU, which had no memory for them.
    case processorThread = "xdp_cpumap_kthread"

    /// NT_FRAME_ of BPF/include/nettrace_frame.h.
    public var number: UInt16 {
        let number =
            switch self {
            case .exception: NT_FRAME_EXCEPTION
            case .redirect: NT_FRAME_REDIRECT
            case .transmission: NT_FRAME_BULK_TX
            case .deviceMap: NT_FRAME_DEVMAP
            case .processorQueue: NT_FRAME_CPUMAP
            case .processorThread: NT_FRAME_KTHREAD
            }
        return UInt16(number)
    }

    /// The name of its tracer.
    public var tracer: String { "xdp:" + rawValue }
}
