import AttachPlanning
import Glibc

/// How many entries each map gets before the load: those that no program of this run uses get one. Maps that are missing
/// here have their final size in the source.
struct MapSizes {
    let entries: [CompiledMap: Int]

    init(for plan: AttachPlan, _ configuration: TraceConfiguration, wanted: Int) {
        let summary = configuration.drops.summary
        let tcp = configuration.tcp
        let hasRecords = summary == nil && tcp?.roundTrips == nil
        let probesReturns = plan.hooks.contains(where: \.probesReturn)
        let hasPrograms = plan.hooks.contains { $0.program != nil }
        let tracked = plan.tracking == nil ? 1 : 16 << 10
        entries = [
            .events: hasRecords ? Int(configuration.ringSize) : Int(getpagesize()),
            .counters: plan.hooks.count,
            .hookByAddress: plan.hooks.lazy.filter { $0.method == .kprobe }.reduce(0) { $0 + $1.addresses.count },
            .wanted: wanted,
            // An LRU map hands its entries out to the CPUs in batches: every CPU needs a few.
            .socketsOfPID: configuration.filters.selectsProcess ? 16 << 10 : 1,
            .trackedSkbs: tracked,
            .trackedBuffers: plan.tracking?.isComplete == false ? tracked : 1,
            .openCalls: probesReturns ? 16 << 10 : 1,
            // One per stack of a task or processor that is handling a packet.
            .framesByStack: plan.hasHooksUnder ? 4 << 10 : 1,
            .tracedPrograms: hasPrograms ? plan.hooks.count : 1,
            // Runs that are going on.
            .openRuns: hasPrograms ? 4 << 10 : 1,
            .dropRows: Int(summary?.rows ?? 1),
            .connectionsOfTCP: Int(tcp?.connections ?? 1),
            .unwantedOfTCP: Int(tcp?.connections ?? 1),
            .roundTripRows: Int(tcp?.roundTrips?.rows ?? 1),
        ]
    }
}
