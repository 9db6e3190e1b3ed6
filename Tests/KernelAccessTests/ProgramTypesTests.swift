import AttachPlanning
import CLibBPF
import CNettraceBPF
import Glibc
import KernelTypes
import SystemPackage
import Testing
import Tracers

@testable import KernelAccess

@Suite struct ProgramTypesTests {
    /// The program must not depend on which BTF libbpf searches for its fields and types.
    @Test(.enabled(if: geteuid() == 0, "needs root"))
    func programsComeOutTheSameAsWithAllTypes() throws {
        let kernel = try TypeTable.ofKernel()
        let extract = ProgramTypes(from: kernel)
        let types = try #require(extract)
        for isTracking in [false, true] {
            let all = try Self.instructions(types: nil, isTracking)
            let few = try Self.instructions(types: types, isTracking)
            #expect(all.count > 1000)
            let areEqual = all == few
            #expect(areEqual)
        }
    }

    private static func instructions(types: ProgramTypes?, _ isTracking: Bool) throws -> [UInt64] {
        let hook = PlannedHook(
            tracer: "skb:consume_skb", group: "life", kernelName: "consume_skb", kind: .tracepoint, method: .tracepoint,
            arguments: HookArguments(skb: 1), role: .aside)
        let tracking = isTracking ? PacketTracking(seesLinks: true, seesEnds: true) : nil
        var configuration = TraceConfiguration()
        configuration.types = types
        let object = try BPFObject(plan: AttachPlan(hooks: [hook], tracking: tracking), configuration: configuration)
        let tracepoint = object.object.program(.tracepoint)
        let program = UnsafeBufferPointer(
            start: bpf_program__insns(tracepoint), count: bpf_program__insn_cnt(tracepoint))
        // Loads of maps contain descriptors of this process, which differ.
        return program.filter { !($0.code == bpf_insn.loadWideImmediate && $0.src_reg != 0) }
            .map { unsafeBitCast($0, to: UInt64.self) }
    }

    @Test(
        .enabled(if: access("/sys/kernel/btf/vmlinux", R_OK) == 0, "this kernel has no type information"),
        arguments: ["sk_buff", "net_device", "sock", "net"])
    func whatProgramsReadIsAmongThem(name: String) throws {
        let kernel = try TypeTable.ofKernel()
        let extract = ProgramTypes(from: kernel)
        let file = try #require(extract?.file())
        defer { try? file.close() }
        let few = try #require(btf__parse_raw("/proc/self/fd/\(file.rawValue)"))
        defer { btf__free(few) }
        #expect(btf__find_by_name_kind(few, name, TypeKind.structure.rawValue) > 0)
        let count = kernel.end
        #expect(btf__type_cnt(few) < count / 20)
    }
}
