import Text

/// The wall clock of the recording machine, by the clock of events: it moves against that one when it is set, when the machine
/// has slept, and at leap seconds.
public final class WallClock {
    /// CLOCK_REALTIME − CLOCK_MONOTONIC in nanoseconds, from some time on.
    public struct Step: Sendable, Equatable {
        /// By the clock of events.
        public var since: UInt64
        public var offset: Int64

        public init(since: UInt64, offset: Int64) {
            self.since = since
            self.offset = offset
        }
    }

    /// The steps in the order of their times; the first holds for all that was before it, too.
    private var steps: [Step]
    private var latest: Step
    /// Clocks that are set over and over: the oldest steps are forgotten, whose events have long been shown.
    private static let limit = 1024

    public init(offset: Int64) {
        latest = Step(since: 0, offset: offset)
        steps = [latest]
    }

    /// Where it began.
    public var first: Step { steps[0] }

    /// Nanoseconds to add to the time of an event.
    public func offset(at timestamp: UInt64) -> Int64 {
        if timestamp >= latest.since { return latest.offset }
        return (steps.last { $0.since <= timestamp } ?? steps[0]).offset
    }

    public func append(_ step: Step) {
        guard step.since >= latest.since else { return }
        if steps.count == Self.limit { steps.removeFirst() }
        steps.append(step)
        latest = step
    }

    /// Takes a look at the clocks: returns the step where the wall clock has moved by more than reading them is inexact.
    public func follow(offset: Int64, at timestamp: UInt64) -> Step? {
        guard (offset &- latest.offset).magnitude > Self.tolerance else { return nil }
        let step = Step(since: timestamp, offset: offset)
        append(step)
        return step
    }

    /// A millisecond, in nanoseconds.
    private static let tolerance: UInt64 = 1_000_000
}
