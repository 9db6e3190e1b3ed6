public import BPFCode

/// Runs BPF programs as the kernel does, for tests: what they compute, and the rules of the verifier about memory and
/// registers that a run can show.
public struct Interpreter {
    private let program: [Slot]
    /// The kernel's limit is 512 bytes, those of called functions included.
    public var stackSize = 512
    /// Instructions, loops included; 1 million is what the verifier walks (BPF_COMPLEXITY_LIMIT_INSNS).
    public var limit = 1_000_000

    /// Encoded instructions, which refer to maps by the numbers of `ModelKernel.create`.
    public init(_ encoded: [UInt64]) {
        program = encoded.map { Slot($0) }
    }

    /// Returns r0. The program begins with r1 = `context`; it must not leave records of a ring buffer unfinished.
    public func run(_ kernel: inout ModelKernel, context: UInt64 = 0) throws -> UInt64 {
        var machine = Machine(kernel, context: context, stackSize: stackSize)
        defer { kernel = machine.kernel }
        let result = try machine.run(program, limit: limit)
        if let unfinished = machine.kernel.reserved.first { throw Fault.access(unfinished) }
        return result
    }
}

extension Code {
    /// Creates the maps, runs the code once and returns r0.
    public func run(_ kernel: inout ModelKernel, maps: [Map] = [], context: UInt64 = 0) throws -> UInt64 {
        try Interpreter(encoded(maps: kernel.create(maps))).run(&kernel, context: context)
    }
}
