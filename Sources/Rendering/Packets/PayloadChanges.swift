import Analysis
import Events

/// Which events of a packet show its bytes: the first one that has them, and each one where they differ from those
/// shown before.
struct PayloadChanges {
    private let fromLink: Bool
    /// Index of the event whose bytes were shown last.
    private var last: Int?

    /// - Parameter fromLink: compare the link layer's header, too.
    init(fromLink: Bool) { self.fromLink = fromLink }

    mutating func shows(_ event: EventView, at index: Int, of context: FinishedContext) -> Bool {
        guard let payload = event.payload else { return false }
        if let last, let shown = context.event(at: last), let before = shown.payload, isSame(payload, before) {
            return false
        }
        last = index
        return true
    }

    private func isSame(_ payload: borrowing PayloadSection, _ before: borrowing PayloadSection) -> Bool {
        guard fromLink else {
            return payload.isEqual(from: payload.networkOffset, to: before, from: before.networkOffset)
        }
        return payload.startsAtLink == before.startsAtLink && payload.isEqual(from: 0, to: before, from: 0)
    }
}
