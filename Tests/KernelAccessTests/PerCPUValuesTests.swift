import CLibBPF
import Glibc
import SystemPackage
import Testing

@testable import KernelAccess

@Suite struct PerCPUValuesTests {
    /// If the buffer is too small, the kernel's write stops at a page that cannot be written, and overwrites nothing.
    @Test(.enabled(if: geteuid() == 0 && libbpf_num_possible_cpus() > 1, "needs root and two CPUs"))
    func aWrongNumberOfCPUsIsAnError() throws {
        let map = bpf_map_create(BPF_MAP_TYPE_PERCPU_ARRAY, "nt_test", 4, 8, 1, nil)
        try #require(map >= 0)
        defer { close(map) }
        let right = try PerCPUValues<UInt64>()
        let isThere = try right.read(UInt32(0), of: map)
        let sum = right.sum(into: UInt64(0)) { $0 += $1 }
        #expect(isThere && sum == 0)
        let isBeyond = try right.read(UInt32(1), of: map)
        #expect(!isBeyond)
        let wrong = try PerCPUValues<UInt64>(cpus: 1)
        #expect { _ = try wrong.read(UInt32(0), of: map) } throws: { error in
            (error as? KernelError)?.errno == .badAddress
        }
    }
}
