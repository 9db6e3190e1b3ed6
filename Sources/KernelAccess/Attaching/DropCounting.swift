public import AttachPlanning
import CLibBPF
import CNettraceBPF
import CSyscalls
import Glibc
import SystemPackage

/// Counts drops in the kernel, by row: one program on one tracepoint, and no events (`--drop --summary`).
///
/// Rows are counted under the number of the current interval. `collect` begins the next interval, waits until no
/// program counts under the old one any more, and takes the old rows out of the map, so that each drop is in exactly
/// one interval.
public struct DropCounting: ~Copyable {
    private var programs: BPFObject
    private var attachment = Attachment()
    private let perCPU: PerCPUValues<nt_drop_count>
    private var epoch: UInt8 = 0
    /// The kernel's count of drops without a row, as read last.
    private var others = DropCount()

    /// Loads and attaches. The plan has one hook, a tracepoint of drops.
    public static func start(
        plan: AttachPlan, configuration: TraceConfiguration
    ) throws(KernelError) -> DropCounting {
        guard let hook = plan.hooks.first else { throw KernelError("the kernel has no tracepoint of drops") }
        // First of all, so that a machine that hides its number of CPUs is refused before anything is attached.
        let perCPU = try PerCPUValues<nt_drop_count>()
        var counting = DropCounting(try BPFObject(plan: plan, configuration: configuration), perCPU)
        _ = try counting.readOthers()
        let program = counting.programs.descriptor(of: .dropSummary, .rawTracepoint(hasCookie: false))
        counting.attachment.attach(program, to: [AttachTarget(hook: 0, name: hook.kernelName)])
        if let refusal = counting.attachment.refused[0] {
            throw KernelError("cannot attach to \(hook.tracer)", errno: refusal)
        }
        return counting
    }

    private init(_ programs: consuming BPFObject, _ perCPU: consuming PerCPUValues<nt_drop_count>) {
        self.programs = programs
        self.perCPU = perCPU
    }

    /// Starts counting.
    public mutating func openGate() { programs.openGate() }

    /// Ends the interval: passes each of its rows to `receive` (the key is a `struct nt_drop_key`, valid during the
    /// call), and returns the drops for which there was no row.
    public mutating func collect(
        _ receive: (UnsafeRawBufferPointer, DropCount) -> Void
    ) throws(KernelError) -> DropCount {
        let ended = epoch
        epoch &+= 1
        programs.setEpoch(epoch)
        waitForPrograms()
        return try take(ended, receive)
    }

    /// Stops counting and passes on all remaining rows.
    public mutating func stop(
        _ receive: (UnsafeRawBufferPointer, DropCount) -> Void
    ) throws(KernelError) -> DropCount {
        programs.closeGate()
        waitForPrograms()
        return try take(nil, receive)
    }

    /// After a grace period no program still runs that began earlier. Kernels with nohz_full CPUs do not offer us one;
    /// there the pause is longer than any program runs.
    private func waitForPrograms() {
        if nt_wait_for_grace_period() != 0 { nt_sleep(100) }
    }

    /// - Parameter epoch: takes the rows of this interval; `nil`: all rows.
    private mutating func take(
        _ epoch: UInt8?, _ receive: (UnsafeRawBufferPointer, DropCount) -> Void
    ) throws(KernelError) -> DropCount {
        let table = KernelTable(programs.object.map(.dropRows), of: "rows of drops", keys: nt_drop_key())
        for key in try table.keys() where epoch == nil || key.epoch == epoch {
            try table.take(key, into: perCPU)
            let count = DropCount(perCPU)
            withUnsafeBytes(of: key) { receive($0, count) }
        }
        let sum = try readOthers()
        defer { others = sum }
        return sum - others
    }

    private func readOthers() throws(KernelError) -> DropCount {
        guard try perCPU.read(UInt32(0), of: bpf_map__fd(programs.object.map(.dropOthers))) else {
            throw KernelError("cannot read the count of drops")
        }
        return DropCount(perCPU)
    }
}

/// Number of packets, and their bytes from the network header on.
public struct DropCount: Sendable, Equatable {
    public var packets: UInt64 = 0
    public var bytes: UInt64 = 0

    public init(packets: UInt64 = 0, bytes: UInt64 = 0) {
        self.packets = packets
        self.bytes = bytes
    }

    fileprivate init(_ perCPU: borrowing PerCPUValues<nt_drop_count>) {
        self = perCPU.sum(into: DropCount()) { sum, count in
            sum.packets += count.packets
            sum.bytes += count.bytes
        }
    }

    static func - (later: Self, earlier: Self) -> Self {
        Self(packets: later.packets - earlier.packets, bytes: later.bytes - earlier.bytes)
    }
}
