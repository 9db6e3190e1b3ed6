import Glibc

/// Nanoseconds of a clock of clock_gettime(2). Events are stamped with CLOCK_MONOTONIC.
func nanoseconds(of clock: clockid_t) -> Int64 {
    var time = timespec()
    clock_gettime(clock, &time)
    return Int64(time.tv_sec) * 1_000_000_000 + Int64(time.tv_nsec)
}

/// The time that events are stamped with, in nanoseconds.
func eventTime() -> UInt64 { UInt64(nanoseconds(of: CLOCK_MONOTONIC)) }
