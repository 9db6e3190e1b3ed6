import NetfilterRules
import Testing

@testable import Culprits

/// Listings of rules from before a loss.
@Suite struct RulesetArchiveTests {
    private func listing(_ time: UInt64) -> RulesetListings {
        var listings = RulesetListings()
        (listings.begunAt, listings.completeAt) = (time - 1, time)
        return listings
    }

    @Test func `The latest listing before a time is given`() {
        let archive = RulesetArchive()
        for time: UInt64 in [100, 200, 300] { archive.keep(listing(time), of: 7) }
        #expect(archive.listings(of: 7, before: 250)?.completeAt == 200)
        #expect(archive.listings(of: 7, before: 200)?.completeAt == 100)
        #expect(archive.listings(of: 7, before: 100) == nil)
        #expect(archive.listings(of: 8, before: 250) == nil)
    }

    @Test func `The first listing stays, however many follow`() {
        let archive = RulesetArchive()
        for time: UInt64 in 1...50 { archive.keep(listing(time * 10), of: 7) }
        #expect(archive.listings(of: 7, before: 400)?.completeAt == 10)
        #expect(archive.listings(of: 7, before: 495)?.completeAt == 490)
    }
}
