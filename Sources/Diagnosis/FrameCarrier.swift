/// Whether the frame of a report was an skb already, whose own drop is reported too.
///
/// Only the call stack shows it: drivers that turn skbs into frames for XDP, and generic XDP, report their losses by the
/// same tracepoints as drivers that have no skb yet.
enum FrameCarrier: Equatable {
    case frame
    case skb
    /// The compiler has put both paths into one function.
    case unknown

    /// net/core/dev.c, net/core/filter.c, kernel/bpf/devmap.c and cpumap.c, drivers/net/veth.c: functions that hold an skb.
    private static let ofSkbs: Set = [
        "do_xdp_generic", "netif_receive_generic_xdp", "bpf_prog_run_generic_xdp", "generic_xdp_tx",
        "xdp_do_generic_redirect", "xdp_do_generic_redirect_map", "dev_map_generic_redirect",
        "dev_map_bpf_prog_run_skb", "cpu_map_bpf_prog_run_skb", "cpu_map_generic_redirect", skbOfVeth,
    ]
    /// Functions of the same files that hold a frame, called by those that may hold either.
    private static let ofFrames: Set = [
        "veth_xdp_rcv_one", "veth_xdp_flush_bq", "cpu_map_bpf_prog_run_xdp", "bq_xmit_all", "dev_map_bpf_prog_run",
    ]
    private static let ofEither: Set = ["veth_poll", "veth_xdp_rcv", "cpu_map_kthread_run", "cpu_map_bpf_prog_run"]
    private static let skbOfVeth = "veth_xdp_rcv_skb"

    /// - Parameter stack: symbols of the call stack, the innermost first.
    init(of frame: LostFrame, stack: [String]) {
        for symbol in stack {
            let function = Evidence.function(in: symbol)
            // It consumes the skb before it redirects or sends the frame.
            if function.hasPrefix("veth_"), ["XDP_TX", "XDP_REDIRECT"].contains(frame.action) { break }
            if Self.ofSkbs.contains(function) {
                self = .skb
                return
            }
            if Self.ofFrames.contains(function) {
                self = .frame
                return
            }
            if Self.ofEither.contains(function) {
                self = .unknown
                return
            }
        }
        self = stack.isEmpty ? .unknown : .frame
    }
}
