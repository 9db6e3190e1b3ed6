import CSyscalls
import Glibc

/// Learns of new processes from the kernel, so that the parents of those are known that live for less than a millisecond.
///
/// Each processor has a ring of `size` bytes, for some 1,600 processes; more of them between two looks are missed.
public final class ForkWatch {
    private var rings: [UnsafeMutableRawPointer] = []
    private var descriptors: [Int32] = []
    private let page = Int(sysconf(Int32(_SC_PAGESIZE)))
    private static let size = 64 << 10

    /// Watches all processors on which the kernel allows it; none without CAP_PERFMON.
    public init() {
        for cpu in 0..<Int32(clamping: sysconf(Int32(_SC_NPROCESSORS_CONF))) {
            let descriptor = nt_fork_events_open(cpu)
            guard descriptor >= 0 else { continue }
            let ring = mmap(nil, page + Self.size, PROT_READ | PROT_WRITE, MAP_SHARED, descriptor, 0)
            guard let ring, ring != MAP_FAILED else {
                close(descriptor)
                continue
            }
            descriptors.append(descriptor)
            rings.append(ring)
        }
    }

    deinit {
        for ring in rings { munmap(ring, page + Self.size) }
        for descriptor in descriptors { close(descriptor) }
    }

    /// Passes on the processes that were made since the last call.
    public func take(_ body: (_ child: UInt32, _ parent: UInt32) -> Void) {
        var fork = nt_fork()
        for ring in rings {
            while nt_fork_events_next(ring, page, Self.size, &fork) != 0 { body(fork.child, fork.parent) }
        }
    }
}
