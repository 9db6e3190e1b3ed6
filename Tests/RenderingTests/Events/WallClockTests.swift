import Testing

@testable import Rendering

@Suite struct WallClockTests {
    private let second: Int64 = 1_000_000_000

    @Test func eventsKeepTheClockThatWasInForce() {
        let clock = WallClock(offset: 5 * second)
        #expect(clock.follow(offset: 5 * second + 900_000, at: 100) == nil)
        #expect(clock.follow(offset: 8 * second, at: 200) == .init(since: 200, offset: 8 * second))
        #expect(clock.follow(offset: -second, at: 300) == .init(since: 300, offset: -second))
        let offsets = [0, 199, 200, 299, 300, UInt64.max].map { clock.offset(at: $0) }
        #expect(offsets == [5, 5, 8, 8, -1, -1].map { $0 * second })
        #expect(clock.first == .init(since: 0, offset: 5 * second))
    }

    @Test func aDamagedRecordingCannotTurnItBackOrFillIt() {
        let clock = WallClock(offset: 0)
        clock.append(.init(since: 100, offset: 1))
        clock.append(.init(since: 50, offset: 2))
        #expect(clock.offset(at: 60) == 0 && clock.offset(at: 100) == 1)
        for time in 0..<100_000 { clock.append(.init(since: 200 + UInt64(time), offset: Int64(time))) }
        #expect(clock.offset(at: .max) == 99_999)
        _ = clock.follow(offset: .min, at: .max)
        #expect(clock.offset(at: .max) == .min)
    }
}
