import CLibBPF
import SystemPackage

/// The CPUs that the kernel may have, and those that run.
enum PossibleCPUs {
    /// Number of possible CPUs: values of a per-CPU map.
    static func count() throws(KernelError) -> Int {
        let count = libbpf_num_possible_cpus()
        guard count > 0 else {
            throw KernelError(
                "cannot find out how many CPUs the kernel may have", errno: Errno(rawValue: -count),
                remedy:
                    "/sys/devices/system/cpu/possible must be readable: mount /sys, and raise 'ulimit -n' if it is low")
        }
        return Int(count)
    }

    /// Numbers of the CPUs that are online; CPU 0 if /sys does not say.
    static var online: [Int] {
        let cpus = (readText("/sys/devices/system/cpu/online") ?? "").split(separator: ",").flatMap { part in
            let ends = part.split(separator: "-").compactMap { Int($0) }
            guard let first = ends.first, let last = ends.last, first <= last, last < 1 << 16 else { return [Int]() }
            return Array(first...last)
        }
        return cpus.isEmpty ? [0] : cpus
    }
}
