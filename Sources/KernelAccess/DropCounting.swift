public import AttachPlanning
import CLibBPF
import CNettraceBPF
import CSyscalls
import Glibc
import SystemPackage

/// Drops counted in the kernel, by row: one program on one tracepoint, and no events (`--drop --summary`).
///
/// Rows are counted under the number of the current interval. `collect` begins the next one, waits until no program
/// counts under the old one any more, and takes the old rows out of the map: each drop is in exactly one interval.
public struct DropCounting: ~Copyable {
    private var programs: BPFObject
    private var attachment = Attachment()
    private var epoch: UInt8 = 0
    /// What was in the kernel's "other" so far.
    private var others = DropCount()

    /// Loads and attaches. The plan has one hook, a tracepoint of drops.
    public static func start(
        plan: AttachPlan, configuration: TraceConfiguration
    ) throws(KernelError) -> DropCounting {
        guard let hook = plan.hooks.first else { throw KernelError("the kernel has no tracepoint of drops") }
        var counting = DropCounting(try BPFObject(plan: plan, configuration: configuration))
        let program = FileDescriptor(rawValue: bpf_program__fd(counting.programs.object.drop_summary))
        counting.attachment.attachTracepoint(hook.kernelName, hook: 0, program: program, cookie: nil)
        if let refusal = counting.attachment.refused[0] {
            throw KernelError("cannot attach to \(hook.tracer)", errno: refusal)
        }
        return counting
    }

    private init(_ programs: consuming BPFObject) {
        self.programs = programs
    }

    /// From here on drops are counted.
    public mutating func openGate() { programs.openGate() }

    /// Ends the interval: hands each of its rows to `receive` (the key is a `struct nt_drop_key`, valid during the
    /// call), and returns the drops that found no room among them.
    public mutating func collect(
        _ receive: (UnsafeRawBufferPointer, DropCount) -> Void
    ) throws(KernelError) -> DropCount {
        let ended = epoch
        epoch &+= 1
        programs.setDropEpoch(epoch)
        waitForPrograms()
        return try take(ended, receive)
    }

    /// Stops counting and hands out all that is left.
    public mutating func stop(
        _ receive: (UnsafeRawBufferPointer, DropCount) -> Void
    ) throws(KernelError) -> DropCount {
        programs.closeGate()
        waitForPrograms()
        return try take(nil, receive)
    }

    /// After a grace period no program runs that has begun before. Kernels with nohz_full CPUs offer none to us: there
    /// it has to be a time that no program ever takes.
    private func waitForPrograms() {
        if nt_wait_for_grace_period() != 0 { usleep(100_000) }
    }

    /// - Parameter epoch: of the rows to take; `nil`: of any.
    private mutating func take(
        _ epoch: UInt8?, _ receive: (UnsafeRawBufferPointer, DropCount) -> Void
    ) throws(KernelError) -> DropCount {
        let map = bpf_map__fd(programs.object.drop_rows)
        var counts = PerCPUCounts()
        for var key in try keys(of: map) where epoch == nil || key.epoch == epoch {
            guard counts.read(map, &key), bpf_map_delete_elem(map, &key) == 0 else {
                throw KernelError("cannot take a row out of the table of drops", errno: currentErrno)
            }
            let count = counts.sum
            withUnsafeBytes(of: key) { receive($0, count) }
        }
        var only: UInt32 = 0
        guard counts.read(bpf_map__fd(programs.object.drop_others), &only) else {
            throw KernelError("cannot read the count of drops", errno: currentErrno)
        }
        defer { others = counts.sum }
        return counts.sum - others
    }

    /// All keys, before any is deleted: meanwhile rows are only added, which keeps the order of the others.
    private func keys(of map: Int32) throws(KernelError) -> [nt_drop_key] {
        var keys: [nt_drop_key] = []
        var key = nt_drop_key()
        var error = bpf_map_get_next_key(map, nil, &key)
        while error == 0 {
            keys.append(key)
            var next = nt_drop_key()
            error = bpf_map_get_next_key(map, &key, &next)
            key = next
        }
        guard error == -ENOENT else {
            throw KernelError("cannot list the rows of drops", errno: Errno(rawValue: -error))
        }
        return keys
    }

    private var currentErrno: Errno { Errno(rawValue: errno) }
}

/// Packets, and their bytes from the network header on.
public struct DropCount: Sendable, Equatable {
    public var packets: UInt64 = 0
    public var bytes: UInt64 = 0

    public init(packets: UInt64 = 0, bytes: UInt64 = 0) {
        self.packets = packets
        self.bytes = bytes
    }

    static func - (later: Self, earlier: Self) -> Self {
        Self(packets: later.packets - earlier.packets, bytes: later.bytes - earlier.bytes)
    }
}

/// Room for one value of a per-CPU map.
private struct PerCPUCounts {
    private var perCPU = [nt_drop_count](repeating: nt_drop_count(), count: Int(max(libbpf_num_possible_cpus(), 1)))

    mutating func read<Key: BitwiseCopyable>(_ map: Int32, _ key: inout Key) -> Bool {
        bpf_map_lookup_elem(map, &key, &perCPU) == 0
    }

    var sum: DropCount {
        perCPU.reduce(into: DropCount()) {
            $0.packets += $1.packets
            $0.bytes += $1.bytes
        }
    }
}
