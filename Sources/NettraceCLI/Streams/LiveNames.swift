import Events
import KernelAccess
import Rendering

/// Names that are looked up while events arrive. A timeline shows a packet only when it has ended, and by then the process
/// that owns its socket may be gone, or the wall clock may have been set.
struct LiveNames {
    private let names: NameTable
    private let includesSockets: Bool

    /// - Parameter includingSockets: whether sockets are shown with their owners; if not, no owner is looked up.
    init(_ names: NameTable, includingSockets: Bool) {
        self.names = names
        includesSockets = includingSockets
    }

    /// Looks up the owner of the record's socket.
    func prepare(for record: UnsafeRawBufferPointer) {
        guard includesSockets, let socket = EventView(record.bytes)?.socket else { return }
        names.sockets.prepare(for: socket)
    }

    func followWallClock() {
        _ = names.wallClock.follow(offset: clockOffset(), at: eventTime())
    }
}
