import Glibc

/// Nanoseconds of a clock of clock_gettime(2). Events are stamped with CLOCK_MONOTONIC.
func nanoseconds(of clock: clockid_t) -> Int64 {
    var time = timespec()
    clock_gettime(clock, &time)
    return Int64(time.tv_sec) * 1_000_000_000 + Int64(time.tv_nsec)
}

/// CLOCK_REALTIME − CLOCK_MONOTONIC in nanoseconds. Of several pairs of readings, takes the pair with the least time in
/// between, since that time adds to the error.
func clockOffset() -> Int64 {
    var best = (uncertainty: Int64.max, offset: Int64(0))
    for _ in 0..<5 where best.uncertainty > 20_000 {
        let before = nanoseconds(of: CLOCK_MONOTONIC)
        let wall = nanoseconds(of: CLOCK_REALTIME)
        let uncertainty = nanoseconds(of: CLOCK_MONOTONIC) - before
        if uncertainty < best.uncertainty { best = (uncertainty, wall - before - uncertainty / 2) }
    }
    return best.offset
}

/// The current time of the clock that stamps events, in nanoseconds.
func eventTime() -> UInt64 { UInt64(nanoseconds(of: CLOCK_MONOTONIC)) }
