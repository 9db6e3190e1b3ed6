import BPFCode
import CLibBPF
import CodeInterpreter
import Glibc
import SystemPackage
import Testing

@testable import KernelAccess

/// The kernel runs generated programs as the interpreter of the tests does.
@Suite struct GeneratedCodeTests {
    private static let form = ProgramForm(type: BPF_PROG_TYPE_RAW_TRACEPOINT)

    /// Runs the code once with BPF_PROG_TEST_RUN and returns what it wrote to `RandomCode.output`.
    private static func runInKernel(_ code: Code, input: [UInt8]) throws -> [UInt8] {
        var maps: [String: FileDescriptor] = [:]
        defer { for map in maps.values { try? map.close() } }
        for map in RandomCode.maps { maps[map.name] = try map.create() }
        let program = try code.load("nt_test", as: form, maps: maps)
        defer { try? program.close() }
        var key: UInt32 = 0
        try #require(bpf_map_update_elem(maps["input"]?.rawValue ?? -1, &key, input, 0) == 0)
        var options = bpf_test_run_opts()
        options.sz = MemoryLayout<bpf_test_run_opts>.size
        try #require(bpf_prog_test_run_opts(program.rawValue, &options) == 0)
        var output = [UInt8](repeating: 0, count: RandomCode.output.valueSize)
        try #require(bpf_map_lookup_elem(maps["output"]?.rawValue ?? -1, &key, &output) == 0)
        return output
    }

    private static func runInInterpreter(_ code: Code, input: [UInt8]) throws -> [UInt8] {
        var kernel = ModelKernel()
        let numbers = kernel.create(RandomCode.maps)
        kernel.set("input", to: input)
        _ = try Interpreter(code.encoded(maps: numbers)).run(&kernel)
        return kernel.contents(ofMap: "output").values.first?.first ?? []
    }

    /// A generated program is attached like a compiled one, and runs.
    @Test(.enabled(if: canRun, "needs root")) func aGeneratedProgramIsAttached() throws {
        let count = Map("count", .array, valueSize: 8, entries: 1)
        var assembler = Assembler()
        assembler.emit(.mapValue(.r1, of: count))
        assembler.emit(.arithmetic64(.move, .r2, 1))
        assembler.emit(.atomic(.add, .double, .r2, at: .r1, 0))
        assembler.emit(.arithmetic64(.move, .r0, 0))
        assembler.emit(.exit)
        let map = try count.create()
        defer { try? map.close() }
        let program = try assembler.finished().load("nt_count", as: Self.form, maps: [count.name: map])
        defer { try? program.close() }

        var attachment = Attachment()
        let descriptor = ProgramDescriptor(file: program, means: .rawTracepoint(hasCookie: false))
        attachment.attach(
            descriptor, to: [AttachTarget(hook: 0, name: "sched_switch"), AttachTarget(hook: 1, name: "nt_no_such")])
        #expect(Set(attachment.refused.keys) == [1])
        var key: UInt32 = 0
        var runs: UInt64 = 0
        repeat {
            usleep(1000)
            try #require(bpf_map_lookup_elem(map.rawValue, &key, &runs) == 0)
        } while runs == 0
        attachment.detach()
    }

    private static var canRun: Bool {
        // Raw tracepoints can be run since 5.10, and only by root.
        geteuid() == 0 && libbpf_probe_bpf_prog_type(BPF_PROG_TYPE_RAW_TRACEPOINT, nil) == 1
    }

    @Test(.enabled(if: canRun, "needs root")) func randomProgramsDoTheSameInTheKernel() throws {
        var random = SeededGenerator(seed: 12)
        let usesAtomics = FeatureProbe.kernelRelease().compare(atLeast: (5, 12))
        for number in 0..<400 {
            let made = RandomCode.make(using: &random, usesAtomics: usesAtomics)
            let code = try #require(made)
            let input = (0..<80).map { index in
                // Small numbers too: half of the words have only their lowest byte.
                index % 16 < 9 ? UInt8.random(in: 0...255, using: &random) : 0
            }
            let inKernel = try Self.runInKernel(code, input: input)
            let modelled = try Self.runInInterpreter(code, input: input)
            #expect(modelled == inKernel, "program \(number):\n\(code.listing)")
        }
    }
}

extension String {
    /// Compares the first two numbers of a kernel's release.
    fileprivate func compare(atLeast version: (Int, Int)) -> Bool {
        let numbers = split(separator: ".").prefix(2).map { Int($0.prefix(while: \.isNumber)) ?? 0 }
        guard numbers.count == 2 else { return false }
        return (numbers[0], numbers[1]) >= version
    }
}
