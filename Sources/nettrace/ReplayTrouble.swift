import Diagnosis
import Events
import KernelAccess
import Recording
import Tracers

/// Which events of a recording `--drop` and `--monitor` show: what the kernel side chooses in a trace.
struct ReplayTrouble {
    /// Drops with these reasons are none, or not wanted.
    private let ignored: Set<UInt32>
    /// By hook: whether its socket events are trouble; nil: only drops are wanted.
    private let monitored: [Bool]?

    /// nil: neither was asked for.
    init?(_ command: NettraceCommand, header: RecordingHeader, catalog: TracerCatalog) throws {
        guard command.drop.drop || command.mode == .monitor else { return nil }
        let causes = try CatalogFile(command.places.catalogFile).causes()
        let reasons = DropReasons(header.dropReasons, NormalEnds(causes))
        let leavesOutNormal = command.mode == .monitor && !header.dropReasons.isEmpty
        ignored = try reasons.ignored(by: command.drop.dropIgnore + (leavesOutNormal ? ["normal"] : []))
        monitored =
            command.mode == .monitor
            ? header.hooks.map { catalog.tracer(named: $0.tracer).map { $0.flags.contains(.monitor) } ?? false } : nil
    }

    func shows(_ event: EventView) -> Bool {
        if event.flags.contains(.drop) {
            guard let reason = event.dropReason else { return true }
            return !ignored.contains(reason)
        }
        guard let monitored, let what = event.socketEvent, event.hook < monitored.count, monitored[event.hook] else {
            return false
        }
        guard let states = what.states else { return true }
        return EventLimits.isAnomaly(from: Int(states.old), to: Int(states.new))
    }
}
