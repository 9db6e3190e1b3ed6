import Testing

@testable import Rendering

@Suite struct ProcessFamilyTests {
    @Test func childrenOfChildrenBelongToIt() {
        let parents: [UInt32: UInt32] = [20: 10, 30: 20, 40: 30, 50: 1, 60: 50]
        let family = ProcessFamily([20]) { parents[$0] }
        #expect([20, 30, 40].allSatisfy { family.contains($0, at: 0) })
        #expect(![10, 50, 60, 70].contains { family.contains($0, at: 0) })
    }

    @Test func aChildOutlivesItsParents() {
        var parents: [UInt32: UInt32] = [20: 10, 30: 20]
        let family = ProcessFamily([10]) { parents[$0] }
        #expect(family.contains(30, at: 0))
        parents = [30: 1]
        #expect(family.contains(30, at: 5_000_000_000))
    }

    /// The number of a stranger that has ended is given to a child.
    @Test func strangersAreLookedUpAgain() {
        var parents: [UInt32: UInt32] = [30: 1]
        let family = ProcessFamily([10]) { parents[$0] }
        #expect(!family.contains(30, at: 0))
        parents[30] = 10
        #expect(family.contains(30, at: 2_000_000_000))
    }

    @Test func circlesEnd() {
        let family = ProcessFamily([10]) { $0 == 30 ? 40 : 30 }
        #expect(!family.contains(30, at: 0))
    }

    @Test func moreProcessesThanAreRemembered() {
        let family = ProcessFamily([10]) { $0 % 2 == 0 ? 10 : nil }
        for process in UInt32(100)..<140_000 { #expect(family.contains(process, at: 0) == (process % 2 == 0)) }
        #expect(family.contains(10, at: 0))
    }
}
