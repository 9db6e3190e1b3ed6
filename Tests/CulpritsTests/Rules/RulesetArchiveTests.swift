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

    private let namespace = RulesetArchive.Identity(inode: 7, cookie: 70)

    @Test func `The latest listing before a time is given`() {
        let archive = RulesetArchive()
        for time: UInt64 in [100, 200, 300] { archive.keep(listing(time), of: namespace) }
        #expect(archive.listings(of: namespace, before: 250)?.completeAt == 200)
        #expect(archive.listings(of: namespace, before: 200)?.completeAt == 100)
        #expect(archive.listings(of: namespace, before: 100) == nil)
        #expect(archive.listings(of: .init(inode: 8, cookie: 80), before: 250) == nil)
    }

    /// The kernel gives inode numbers again.
    @Test func `A new namespace with the inode number of an old one has no listings`() {
        let archive = RulesetArchive()
        archive.keep(listing(100), of: namespace)
        #expect(archive.listings(of: .init(inode: 7, cookie: 71), before: 250) == nil)
        #expect(archive.listings(of: .init(inode: 7, cookie: nil), before: 250) == nil)
    }

    @Test func `The first listing stays, however many follow`() {
        let archive = RulesetArchive()
        for time: UInt64 in 1...50 { archive.keep(listing(time * 10), of: namespace) }
        #expect(archive.listings(of: namespace, before: 400)?.completeAt == 10)
        #expect(archive.listings(of: namespace, before: 495)?.completeAt == 490)
    }
}
