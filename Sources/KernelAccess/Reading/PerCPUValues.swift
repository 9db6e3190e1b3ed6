import CLibBPF
import Glibc
import SystemPackage

/// A buffer for the values that all CPUs have for one key of a map.
///
/// The kernel writes a value for each possible CPU, regardless of the buffer's size (kernel/bpf/syscall.c,
/// bpf_map_value_size). Their number is read from /sys and may be missing or wrong there. The buffer ends at a page
/// that cannot be written, so that a larger number is an error (EFAULT) and overwrites nothing.
struct PerCPUValues<Value: BitwiseCopyable>: ~Copyable {
    private let memory: UnsafeMutableRawPointer
    private let size: Int
    private let values: UnsafeMutableBufferPointer<Value>

    init() throws(KernelError) {
        try self.init(cpus: PossibleCPUs.count())
    }

    /// - Parameter cpus: number of possible CPUs of the kernel.
    init(cpus: Int) throws(KernelError) {
        precondition(MemoryLayout<Value>.stride % 8 == 0, "the kernel rounds values up to 8 bytes")
        let page = Int(getpagesize())
        let used = (cpus * MemoryLayout<Value>.stride + page - 1) / page * page
        memory = try Self.map(writable: used, whole: used + page)
        size = used + page
        values = UnsafeMutableBufferPointer(
            start: (memory + used - cpus * MemoryLayout<Value>.stride).assumingMemoryBound(to: Value.self), count: cpus)
    }

    private static func map(writable: Int, whole: Int) throws(KernelError) -> UnsafeMutableRawPointer {
        guard let memory = mmap(nil, whole, PROT_NONE, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0), memory != MAP_FAILED,
            mprotect(memory, writable, PROT_READ | PROT_WRITE) == 0
        else { throw KernelError("no memory for the counts of all CPUs", errno: Errno(rawValue: errno)) }
        return memory
    }

    deinit { munmap(memory, size) }

    /// Copies the values of a key. Returns false if the map has no such key.
    func read<Key: BitwiseCopyable>(_ key: Key, of map: Int32) throws(KernelError) -> Bool {
        var key = key
        let result = bpf_map_lookup_elem(map, &key, values.baseAddress)
        guard result != 0 else { return true }
        let error = Errno(rawValue: currentErrno())
        guard error != .noSuchFileOrDirectory else { return false }
        throw KernelError(
            "cannot read the counts of \(values.count) CPUs", errno: error,
            remedy: error == .badAddress
                ? "the kernel has more CPUs than /sys/devices/system/cpu/possible shows here; mount the kernel's own /sys"
                : "")
    }

    func sum<Result>(into start: Result, _ add: (inout Result, Value) -> Void) -> Result {
        values.reduce(into: start, add)
    }
}
