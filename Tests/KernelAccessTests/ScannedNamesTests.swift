import Testing

@testable import KernelAccess

/// Names that change, a clock, and the number of scans.
private final class World {
    var time: UInt64 = 1_000_000_000
    var names: [UInt64: String] = [:]
    var scans = 0
    var scanTime: UInt64 = 1_000_000

    func cache(limit: Int = 100) -> ScannedNames<String> {
        ScannedNames(limit: limit, now: { self.time }) {
            self.scans += 1
            self.time += self.scanTime
            return self.names
        }
    }
}

private let millisecond: UInt64 = 1_000_000

@Suite struct ScannedNamesTests {
    @Test func oneLookAnswersForAll() {
        let world = World()
        world.names = [1: "a", 2: "b"]
        var cache = world.cache()
        #expect(world.scans == 0)
        for _ in 0..<1000 {
            #expect(cache.name(of: 1) == "a")
            #expect(cache.name(of: 2) == "b")
        }
        #expect(world.scans == 1)
    }

    @Test func somethingNewIsLookedForAfterAPause() {
        let world = World()
        var cache = world.cache()
        #expect(cache.name(of: 1) == nil)
        world.names[2] = "b"
        #expect(cache.name(of: 2) == nil)
        #expect(world.scans == 1)
        world.time += 20 * millisecond
        #expect(cache.name(of: 2) == "b")
        #expect(world.scans == 2)
    }

    /// As an accepted socket, which a forking server and its child hold together at first.
    @Test func aProvisionalNameIsLookedUpAgainForASecond() {
        let world = World()
        var cache = ScannedNames<String>(limit: 100, now: { world.time }, isProvisional: { $0.hasPrefix("shared") }) {
            world.scans += 1
            return world.names
        }
        world.names = [1: "shared by parent", 2: "shared for ever", 3: "settled"]
        #expect(cache.name(of: 1) == "shared by parent")
        world.names[1] = "child"
        #expect(cache.name(of: 1) == "shared by parent", "not before the pause")
        world.time += 20 * millisecond
        #expect(cache.name(of: 3) == "settled")
        #expect(world.scans == 1)
        #expect(cache.name(of: 1) == "child")
        #expect(world.scans == 2)
        world.time += 20 * millisecond
        #expect(cache.name(of: 1) == "child")
        #expect(world.scans == 2)
        world.time += 1000 * millisecond
        #expect(cache.name(of: 2) == "shared for ever")
        #expect(world.scans == 2)
    }

    /// Regardless of the number of unknown names, and of the frequency of questions.
    @Test func scansTakeATenthOfTheTimeAtMost() {
        let world = World()
        world.scanTime = 50 * millisecond
        var cache = world.cache(limit: 1_000_000)
        let start = world.time
        for number in 0..<100_000 {
            _ = cache.name(of: UInt64(number))
            world.time += 100_000
        }
        let elapsed = world.time - start
        #expect(UInt64(world.scans) * world.scanTime * 10 <= elapsed + world.scanTime * 11)
        #expect(world.scans > 10)
    }

    @Test func whatIsNowhereIsNotLookedForAgainAtOnce() {
        let world = World()
        var cache = world.cache()
        for _ in 0..<40 {
            #expect(cache.name(of: 1) == nil)
            world.time += 100 * millisecond
        }
        #expect(world.scans == 1)
        world.time += 1000 * millisecond
        world.names[1] = "late"
        #expect(cache.name(of: 1) == "late")
    }

    @Test func namesAreLookedUpAnewAfterAWhile() {
        let world = World()
        world.names = [1: "parent"]
        var cache = world.cache()
        #expect(cache.name(of: 1) == "parent")
        world.names = [1: "child"]
        world.time += 4000 * millisecond
        #expect(cache.name(of: 1) == "parent")
        world.time += 1000 * millisecond
        #expect(cache.name(of: 1) == "child")
    }

    @Test func whatIsGoneIsRememberedWithinBounds() {
        let world = World()
        world.names = [1: "gone"]
        var cache = world.cache(limit: 3)
        #expect(cache.name(of: 1) == "gone")
        world.names = [2: "b"]
        world.time += 100 * millisecond
        #expect(cache.name(of: 2) == "b")
        #expect(cache.name(of: 1) == "gone")
        world.names = [3: "c", 4: "d"]
        world.time += 100 * millisecond
        #expect(cache.name(of: 3) == "c")
        #expect(cache.name(of: 1) == nil)
    }
}
