import Rendering

/// Notices losses during a run: the first one at once, then at most one notice per second.
struct LossWatch {
    private var reported: UInt64 = 0
    private var next: UInt64 = 0

    /// - Parameters:
    ///   - lost: number of events lost so far.
    ///   - now: nanoseconds of CLOCK_MONOTONIC.
    mutating func notice(lost: UInt64, now: @autoclosure () -> UInt64 = eventTime()) -> LossNotice? {
        guard lost > reported else { return nil }
        let time = now()
        guard time >= next else { return nil }
        defer {
            reported = lost
            next = time + 1_000_000_000
        }
        return LossNotice(time: time, events: lost - reported, total: lost)
    }
}
