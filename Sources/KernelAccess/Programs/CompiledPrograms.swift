import CLibBPF
import CNettraceBPF
import SystemPackage

/// The programs of BPF/nettrace.bpf.c, by their names there.
enum CompiledProgram: String, CaseIterable {
    case kprobeMulti = "nt_kprobe_multi"
    /// BPF/first_argument_programs.h: the skb is the first argument.
    case kprobeMultiFirst = "nt_kprobe_multi_first"
    case kretprobeMulti = "nt_kretprobe_multi"
    case kprobeSession = "nt_kprobe_session"
    case kprobe = "nt_kprobe"
    case kprobeFirst = "nt_kprobe_first"
    case kretprobe = "nt_kretprobe"
    case under = "nt_under"
    case tracepoint = "nt_tracepoint"
    case tracepointTemplate = "nt_tracepoint_template"
    case socketKprobeMulti = "nt_sock_kprobe_multi"
    case socketKprobe = "nt_sock_kprobe"
    case socketTracepoint = "nt_sock_tracepoint"
    case socketTracepointTemplate = "nt_sock_tracepoint_template"
    case frameTracepoint = "nt_frame_tracepoint"
    case frameTracepointTemplate = "nt_frame_tracepoint_template"
    case enterXDPTemplate = "nt_xdp_enter_template"
    case leaveXDPTemplate = "nt_xdp_leave_template"
    case enterTCTemplate = "nt_tc_enter_template"
    case leaveTCTemplate = "nt_tc_leave_template"
    case dropSummary = "nt_drop_summary"
    /// BPF/kernel/kernel_pages.h: run once, after the load.
    case findPages = "nt_find_pages"
    case segmentOfTCP = "nt_tcp_segment"
    case stateOfTCP = "nt_tcp_state"
    case destructionOfTCP = "nt_tcp_destroy"
    case resetOfTCP = "nt_tcp_reset"
    case refreshOfTCP = "nt_tcp_refresh"
}

/// The maps of the same source that user space sizes, fills or reads.
enum CompiledMap: String, CaseIterable {
    case events, counters, wanted
    case hookByAddress = "hook_by_address"
    case socketsOfPID = "sockets_of_pid"
    case trackedSkbs = "tracked_skbs"
    case trackedBuffers = "tracked_buffers"
    case openCalls = "open_calls"
    case framesByStack = "frames_by_stack"
    case openRuns = "open_runs"
    case tracedPrograms = "traced_programs"
    case dropRows = "drop_rows"
    case dropOthers = "drop_others"
    case connectionsOfTCP = "tcp_connections"
    case unwantedOfTCP = "tcp_unwanted"
    case countersOfTCP = "tcp_counters"
    case roundTripRows = "rtt_rows"
    case filterAddresses = "filter_addresses"
    case filterPorts = "filter_ports"
    case payloadBuffers = "payload_buffers"
    case freeBuffers = "free_buffers"
}

extension nettrace_object {
    /// libbpf's `struct bpf_program`. A test looks all names up.
    func program(_ name: CompiledProgram) -> OpaquePointer? {
        withUnsafePointer(to: self) { nettrace_object_program($0, name.rawValue) }
    }

    /// libbpf's `struct bpf_map`. A test looks all names up.
    func map(_ name: CompiledMap) -> OpaquePointer? {
        withUnsafePointer(to: self) { nettrace_object_map($0, name.rawValue) }
    }
}
