/// Times of packets → times that do not go back within a file.
struct ForwardClock {
    private var last = Int64.min
    /// Added to times since the wall clock was set back.
    private var offset: Int64 = 0

    /// Processors hand over packets in another order within less than this, in nanoseconds; more is a step of the clock.
    private static let disorder: Int64 = 1_000_000_000

    /// The time for the file: the time itself, or the last one if that is later. From a step back on, all times are later by
    /// the step, so that the time between packets stays right.
    ///
    /// - Parameter time: nanoseconds since 1970.
    @inline(__always)
    mutating func forward(_ time: Int64) -> Int64 {
        let shifted = time &+ offset
        guard shifted < last else {
            last = shifted
            return shifted
        }
        let step = last &- shifted
        if step >= Self.disorder { offset &+= step }
        return last
    }
}
