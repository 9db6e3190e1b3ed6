import Glibc
import Synchronization
import Testing

@testable import KernelAccess

struct BackgroundWorkTests {
    @Test func worksOnAThreadOfItsOwnAndHandsOutTheValue() {
        let caller = pthread_self()
        let work = BackgroundWork { pthread_self() }
        #expect(work.value() != caller)
    }

    @Test func worksOnlyOnce() {
        let count = Atomic(0)
        let work = BackgroundWork { count.add(1, ordering: .relaxed).newValue }
        #expect(work.value() == 1)
        #expect(count.load(ordering: .relaxed) == 1)
    }

    @Test func hasEndedWhenItsOwnerIsGone() {
        let count = Atomic(0)
        do {
            _ = BackgroundWork {
                usleep(20_000)
                return count.add(1, ordering: .relaxed).newValue
            }
        }
        #expect(count.load(ordering: .relaxed) == 1)
    }
}
