/// Limits how often the machine is asked about packets that are most likely not lost: each search starts programs, and
/// a busy machine handles thousands of such packets.
struct QuestionBudget {
    /// Number of searches without a pause.
    static let burst = 32
    /// Nanoseconds until one more search is allowed.
    static let interval: UInt64 = 100_000_000

    private var left = burst
    private var last: UInt64 = 0

    /// - Parameter time: time of the packet, in nanoseconds of CLOCK_MONOTONIC.
    /// - Returns: whether to search.
    mutating func take(at time: UInt64) -> Bool {
        let earned = time > last ? (time - last) / Self.interval : 0
        if earned > 0 {
            left = Int(min(UInt64(Self.burst), UInt64(left) + min(earned, UInt64(Self.burst))))
            last = time
        }
        guard left > 0 else { return false }
        left -= 1
        return true
    }
}
