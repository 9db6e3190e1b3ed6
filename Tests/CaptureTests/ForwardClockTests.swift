import Testing

@testable import Capture

@Suite struct ForwardClockTests {
    private static let second: Int64 = 1_000_000_000
    private static let start: Int64 = 1_795_230_765 * second

    private func times(_ times: [Int64]) -> [Int64] {
        var clock = ForwardClock()
        return times.map { clock.forward(Self.start + $0) - Self.start }
    }

    @Test func packetsOfOtherProcessorsGetTheLastTime() {
        #expect(times([0, 500, 200, 700]) == [0, 500, 500, 700])
    }

    @Test func afterAStepBackTheTimeGoesOn() {
        let hour = 3600 * Self.second
        #expect(times([0, 500, 500 - hour, 700 - hour, 600 - hour, 900 - hour]) == [0, 500, 500, 700, 700, 900])
    }

    @Test func stepsForwardAreKept() {
        let hour = 3600 * Self.second
        #expect(times([0, hour, hour + 5, 0, 7]) == [0, hour, hour + 5, hour + 5, hour + 12])
    }

    @Test func anyTimesStayInOrder() {
        var random = SystemRandomNumberGenerator()
        var clock = ForwardClock()
        var last = Int64.min
        var isOrdered = true
        for _ in 0..<100_000 {
            let time = clock.forward(Self.start + Int64.random(in: -5 * Self.second...5 * Self.second, using: &random))
            isOrdered = isOrdered && time >= last
            last = time
        }
        #expect(isOrdered)
    }
}
