import Events
import KernelAccess
import Rendering

/// Names that are looked up while events arrive. A timeline shows a packet only when it has ended, and by then the process
/// that owns its socket may be gone, or the wall clock may have been set.
struct LiveNames {
    private let names: NameTable
    private let includesSockets: Bool
    private let family: ProcessFamily?
    private let parents: ProcessParents?

    /// - Parameters:
    ///   - includingSockets: whether sockets are shown with their owners; if not, no owner is looked up.
    ///   - family: the processes whose packets are wanted; nil: those of all.
    ///   - parents: where the family learns of children.
    init(_ names: NameTable, includingSockets: Bool, family: ProcessFamily?, parents: ProcessParents?) {
        self.names = names
        self.family = family
        self.parents = parents
        includesSockets = includingSockets
    }

    /// Looks up the owner of the record's socket, and the parents of its process.
    func prepare(for record: UnsafeRawBufferPointer) {
        guard includesSockets || family != nil, let event = EventView(record.bytes) else { return }
        family?.note(event)
        if includesSockets, let socket = event.socket { names.sockets.prepare(for: socket) }
    }

    /// Called between events.
    func follow() {
        parents?.collect()
        _ = names.wallClock.follow(offset: clockOffset(), at: eventTime())
    }
}
