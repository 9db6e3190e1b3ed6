import BPFCode
import DLanguage
import KernelTypes

extension ProgramContext {
    /// Words of an aggregation's state.
    func words(of function: Aggregation.Function) -> Int {
        switch function {
        case .count, .sum: 1
        case .average: 2
        case .minimum, .maximum: 3
        case .deviation: 4
        case .quantize: PowerBuckets.count
        case .linear(let low, let high, let step): LinearBuckets(from: low, to: high, step: step)?.count ?? 1
        case .logarithmic(let factor, let low, let high, let steps):
            LogLinearBuckets(factor: factor, from: low, through: high, steps: steps)?.count ?? 1
        }
    }

    /// The maps that programs refer to, and those that user space needs anyway.
    func maps(used: Set<String>, programs: Int, cpus: Int) -> [Map] {
        let options = typed.options
        // Before Linux 6.1 programs that allocate as they run make the kernel warn, and those of clocks are refused
        // (check_map_prealloc, kernel/bpf/verifier.c). Then all rows are allocated at once, so there are fewer.
        let allocatesLater = typed.types.kernel?.find(.function, "bpf_mem_alloc_init") != nil
        let flags: Map.Flags = allocatesLater ? .noPreallocation : []
        var maps = [
            Map(MapNames.state, .array, valueSize: ProgramState.size, entries: 1),
            Map(MapNames.losses, .perCPUArray, valueSize: 8, entries: Loss.allCases.count * max(1, programs)),
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
                    MapNames.array(index), .hash, keySize: prefix + Self.size(of: arrayKeys[index]),
                    valueSize: storageSize(of: array.element),
                    entries: variables, flags: flags))
        }
        var largest = max(8, widestThreadValue, typed.arrays.map { storageSize(of: $0.element) }.max() ?? 8)
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
        if used.contains(MapNames.epochs) {
            maps.append(
                Map(MapNames.epochs, .array, valueSize: 8 * max(1, typed.aggregations.count), entries: 1))
        }
        if used.contains(MapNames.scratch) {
            maps.append(
                Map(
                    MapNames.scratch, .perCPUArray, valueSize: max(scratchSize, 64), entries: ScratchLayout.levels))
        }
        if used.contains(MapNames.speculations) {
            maps.append(
                Map(MapNames.speculations, .array, valueSize: 8 * max(1, typed.options.nspec), entries: 1))
        }
        if used.contains(MapNames.threadTexts) {
            maps.append(
                Map(
                    MapNames.threadTexts, .hash, keySize: 16, valueSize: widestThreadValue, entries: variables,
                    flags: flags))
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
