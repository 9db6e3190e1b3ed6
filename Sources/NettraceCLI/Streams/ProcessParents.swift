import HostInspection
import KernelAccess

/// Parents of processes: of those that are made during the run, and of those that live.
final class ProcessParents {
    private let watch = ForkWatch()
    private var known: [UInt32: UInt32] = [:]

    /// Then all are forgotten, and /proc is asked.
    private static let limit = 1 << 16

    /// Takes over the processes that were made since the last call. The kernel's memory for them is small.
    func collect() {
        watch.take { child, parent in
            if known.count >= Self.limit { known.removeAll(keepingCapacity: true) }
            known[child] = parent
        }
    }

    /// The parent of a process; nil if it is gone and was made before the run.
    func parent(of process: UInt32) -> UInt32? {
        collect()
        return known[process] ?? ProcessTable.parent(process)
    }
}
