import BPFCode
public import DLanguage
import KernelTypes

/// D programs → programs of the kernel.
public enum DCompiler {
    /// A probe, and the clauses that its firing runs, as indices into `TypedProgram.clauses`, in order.
    public struct Enabling: Sendable {
        public var probe: Probe
        public var clauses: [Int]

        public init(_ probe: Probe, clauses: [Int]) {
            self.probe = probe
            self.clauses = clauses
        }
    }

    /// Throws if something of the program is not available.
    ///
    /// - Parameter cpus: number of possible CPUs, each of which has its own copy of an aggregation.
    public static func compile(
        _ typed: TypedProgram, _ enablings: [Enabling], cpus: Int = 1
    ) throws(Diagnostic) -> CompiledProgram {
        let context = ProgramContext(typed)
        var program = CompiledProgram()
        for (number, enabling) in enablings.enumerated() {
            let clauses = enabling.clauses.map { (index: $0, clause: typed.clauses[$0]) }
            var compiler = ProbeCompiler(enabling.probe, clauses, number: number, context)
            program.probes.append(try compiler.compile())
        }
        program.texts = context.texts
        program.aggregations = typed.aggregations.indices.map { index in
            CompiledAggregation(
                map: MapNames.aggregation(index), keys: context.aggregationKeys[index],
                isKeyless: context.aggregationKeys[index].isEmpty)
        }
        program.maps = context.maps(used: program.probes.reduce(into: []) { $0.formUnion($1.code.maps) }, cpus: cpus)
        return program
    }
}

extension ProgramContext {
    /// Words of an aggregation's state.
    func words(of function: Aggregation.Function) -> Int {
        switch function {
        case .count, .sum: 1
        case .average, .minimum, .maximum: 2
        case .deviation: 4
        case .quantize: PowerBuckets.count
        case .linear(let low, let high, let step): LinearBuckets(from: low, to: high, step: step)?.count ?? 1
        case .logarithmic(let factor, let low, let high, let steps):
            LogLinearBuckets(factor: factor, from: low, through: high, steps: steps)?.count ?? 1
        }
    }

    /// The maps that programs refer to, and those that user space needs anyway.
    fileprivate func maps(used: Set<String>, cpus: Int) -> [Map] {
        let options = typed.options
        // Before Linux 6.1 programs that allocate as they run make the kernel warn, and those of clocks are refused
        // (check_map_prealloc, kernel/bpf/verifier.c). Then all rows are allocated at once, so there are fewer.
        let allocatesLater = typed.types.kernel?.find(.function, "bpf_mem_alloc_init") != nil
        let flags: Map.Flags = allocatesLater ? .noPreallocation : []
        var maps = [
            Map(MapNames.state, .array, valueSize: ProgramState.size, entries: 1),
            Map(MapNames.losses, .perCPUArray, valueSize: 8, entries: Loss.allCases.count),
        ]
        if used.contains(MapNames.ring) {
            maps.append(Map(MapNames.ring, .ringBuffer, valueSize: 0, entries: Self.ringSize(options.bufsize)))
        }
        if used.contains(MapNames.globals) {
            maps.append(Map(MapNames.globals, .array, valueSize: max(globalSize, 8), entries: 1))
        }
        let variables = max(16, min(options.dynvarsize / 128, allocatesLater ? 1 << 16 : 1 << 13))
        if used.contains(MapNames.threadVariables) {
            maps.append(
                Map(
                    MapNames.threadVariables, .hash, keySize: 16, valueSize: 8, entries: variables,
                    flags: flags))
        }
        for (index, array) in typed.arrays.enumerated() where used.contains(MapNames.array(index)) {
            let prefix = array.scope == .thread ? 8 : 0
            maps.append(
                Map(
                    MapNames.array(index), .hash, keySize: prefix + Self.size(of: arrayKeys[index]), valueSize: 8,
                    entries: variables, flags: flags))
        }
        var largest = 8
        for (index, aggregation) in typed.aggregations.enumerated() where used.contains(MapNames.aggregation(index)) {
            let size = 8 * words(of: aggregation.function)
            largest = max(largest, size)
            let keys = aggregationKeys[index]
            if keys.isEmpty {
                maps.append(Map(MapNames.aggregation(index), .perCPUArray, valueSize: size, entries: 1))
            } else {
                let row = Self.size(of: keys) + (allocatesLater ? size : size * max(cpus, 1) / 4)
                let rows = max(16, min(options.aggsize / row, 1 << 16))
                maps.append(
                    Map(
                        MapNames.aggregation(index), .perCPUHash, keySize: Self.size(of: keys), valueSize: size,
                        entries: rows, flags: flags))
            }
        }
        if used.contains(MapNames.zeros) {
            maps.append(Map(MapNames.zeros, .array, valueSize: largest, entries: 1, flags: .readOnlyForPrograms))
        }
        return maps
    }

    /// The kernel wants a power of two of whole pages.
    private static func ringSize(_ wanted: Int) -> Int {
        var size = 64 << 10
        while size < wanted, size < 64 << 20 { size *= 2 }
        return size
    }
}
