import CLibBPF
import CNettraceBPF
import Glibc

/// Records that hold the bytes of their packets (BPF/payload.h).
public struct PayloadConfiguration: Sendable {
    /// Maximum number of bytes of one packet.
    public var snapshot: UInt32
    /// Address of the kernel function `freePagesName`; nil: unknown, and bytes outside the linear buffer are not read.
    public var freePages: UInt64?

    /// The kernel function whose code refers to the places of the kernel's memory (BPF/kernel/kernel_pages.h).
    public static let freePagesName = "free_pages"
    public static var longestSnapshot: Int { Int(NT_SNAPSHOT_MAX) }

    public init(snapshot: UInt32) {
        self.snapshot = min(snapshot, UInt32(Self.longestSnapshot))
    }

    /// NT_EVENT_MAX_SIZE, the sections of other files, and the fixed part of the bytes' section, rounded up.
    static let longestHead = 2048
    /// PIECE_MAX of BPF/payload.h: the programs need this much more room than they ever fill, since the verifier adds the
    /// maximum of a fragment to the maximum of what has been read.
    private static let longestPiece: UInt32 = 64 << 10

    func write(to config: inout nt_config) {
        config.snapshot = snapshot
        config.free_pages = freePages ?? 0
    }

    /// Before the load: as many buffers as programs can run at a time. Programs interrupt each other, but rarely.
    func prepareBuffers(of object: nettrace_object) {
        let size = UInt32(Self.longestHead) + snapshot + min(snapshot, Self.longestPiece) + 8
        bpf_map__set_value_size(object.map(.payloadBuffers), size & ~7)
        bpf_map__set_max_entries(object.map(.payloadBuffers), Self.bufferCount)
        bpf_map__set_max_entries(object.map(.freeBuffers), Self.bufferCount)
    }

    /// After the load: finds the places of the kernel's memory, and hands out the buffers.
    func start(_ object: nettrace_object) throws(KernelError) {
        var options = bpf_test_run_opts()
        options.sz = MemoryLayout<bpf_test_run_opts>.size
        // If the kernel refuses, only linear buffers are read.
        _ = bpf_prog_test_run_opts(bpf_program__fd(object.program(.findPages)), &options)
        for index in 0..<Self.bufferCount {
            var index = index
            let error = bpf_map_update_elem(bpf_map__fd(object.map(.freeBuffers)), nil, &index, UInt64(BPF_ANY))
            guard error == 0 else { throw KernelError("cannot hand out the buffers for packets", result: error) }
        }
    }

    private static var bufferCount: UInt32 { UInt32(max(1, sysconf(Int32(_SC_NPROCESSORS_CONF)))) + 6 }
}
