/// How often the machine may be asked about packets that are most likely in order: a question starts programs, and on a
/// busy machine such packets come by the thousand.
struct QuestionBudget {
    /// Questions that may follow each other at once.
    static let burst = 32
    /// Nanoseconds until one more may be asked.
    static let interval: UInt64 = 100_000_000

    private var left = burst
    private var last: UInt64 = 0

    /// - Parameter time: of the packet, in nanoseconds of CLOCK_MONOTONIC.
    /// - Returns: whether to ask.
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
