import Diagnosis
import Events
import KernelAccess
import Recording
import Tracers

/// Selects the events of a recording that `--drop` and `--monitor` show, as the kernel side does in a trace.
struct ReplayTrouble {
    /// Reasons that mean no drop, or that the user does not want to see.
    private let ignored: Set<UInt32>
    /// Whether the socket events of each hook are trouble; nil: only drops are wanted.
    private let monitored: [Bool]?

    /// Returns nil if neither option is given.
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
