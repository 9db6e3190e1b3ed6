import Diagnosis
import Events
import KernelAccess
import Recording
import Rendering
import Tracers

/// Selects the events of a recording that `--drop` and `--monitor` show, as the kernel side does in a trace.
struct ReplayTrouble {
    /// Reasons that mean no drop, or that the user does not want to see.
    private let ignored: Set<UInt32>
    /// Whether the socket events of each hook are trouble; nil: only drops are wanted.
    private let monitored: [Bool]?
    /// Decides whether a drop is part of normal operation; nil if these are shown, too.
    private let normalEnds: NameTable?

    /// Returns nil if neither option is given.
    ///
    /// - Parameter names: of the recording.
    init?(_ request: EventsRequest, header: RecordingHeader, names: NameTable, catalog: TracerCatalog) throws {
        guard let drops = request.shownDrops else { return nil }
        let causes = try CatalogFile(request.places.catalogFile).causes()
        ignored = try DropReasons(header.dropReasons, NormalEnds(causes)).ignored(by: drops.ignored)
        normalEnds = drops.leavesOutNormal ? names : nil
        monitored =
            request.mode == .monitor
            ? header.hooks.map { catalog.tracer(named: $0.tracer).map { $0.flags.contains(.monitor) } ?? false } : nil
    }

    func shows(_ event: EventView) -> Bool {
        if event.flags.contains(.drop) {
            if let reason = event.dropReason, ignored.contains(reason) { return false }
            return normalEnds?.isNormalEnd(event) != true
        }
        guard let monitored, let what = event.socketEvent, event.hook < monitored.count, monitored[event.hook] else {
            return false
        }
        guard let states = what.states else { return true }
        return EventLimits.isAnomaly(from: Int(states.old), to: Int(states.new))
    }
}
