import Analysis
import CNettraceBPF
import Events
import Testing

@Suite struct RoundTripTests {
    /// The row that the kernel would count for these times.
    private func row(_ times: [UInt32], minimum: UInt32? = nil, maximum: UInt32? = nil) -> RoundTripRow {
        var raw = nt_rtt_row()
        raw.samples = UInt64(times.count)
        raw.sum = times.reduce(0) { $0 + UInt64($1) }
        raw.min = minimum ?? times.min() ?? 0
        raw.max = maximum ?? times.max() ?? 0
        withUnsafeMutableBytes(of: &raw.parts) { bytes in
            let parts = bytes.bindMemory(to: UInt32.self)
            for time in times { parts[RoundTripRow.part(of: time)] += 1 }
        }
        return withUnsafeBytes(of: raw) { RoundTripRow($0.bytes)! }
    }

    private func key(_ service: UInt16) -> RoundTripKey {
        var raw = nt_rtt_key()
        raw.service = service.bigEndian
        return withUnsafeBytes(of: raw) { RoundTripKey($0.bytes)! }
    }

    @Test func percentilesAreNearWhatWasMeasured() {
        let times = (1...1000).map { UInt32($0 * 97) }
        let found = RoundTrips(row(times))
        #expect(found.count == 1000)
        #expect(found.minimum == 97 && found.maximum == 97000)
        #expect(found.mean == 97 * 500.5)
        for (share, exact) in [(0.5, 48500.0), (0.95, 92150.0), (0.99, 96030.0)] {
            #expect(abs(Double(found.percentile(share)) - exact) <= exact * 0.032)
        }
        #expect(found.percentile(1) == 97000)
    }

    @Test func oneTimeIsEveryPercentile() {
        let found = RoundTrips(row([12345]))
        for share in [0, 0.5, 0.99, 1] { #expect(found.percentile(share) == 12345) }
    }

    @Test func nothingIsNothing() {
        let found = RoundTrips(row([]))
        #expect(found == RoundTrips())
        #expect(found.mean == 0 && found.percentile(0.5) == 0 && found.buckets.isEmpty)
    }

    @Test func theBucketsCorrectWhatTwoProcessorsWroteAtOnce() {
        let found = RoundTrips(row([1000, 5000], minimum: 4000, maximum: 2000))
        #expect(RoundTripRow.times(in: RoundTripRow.part(of: 1000)).contains(found.minimum))
        #expect(RoundTripRow.times(in: RoundTripRow.part(of: 5000)).contains(found.maximum))
    }

    @Test func sumsAreThoseOfAllTimes() {
        var sum = RoundTrips()
        sum.add(RoundTrips(row([100, 200])))
        sum.add(RoundTrips())
        sum.add(RoundTrips(row([50, 3000])))
        #expect(sum == RoundTrips(row([100, 200, 50, 3000])))
        sum.add(RoundTrips(unknown: 7))
        #expect(sum.count == 11 && sum.minimum == 50 && sum.percentile(1) == 3000)
    }

    @Test func bucketsArePowersOfTwoWithoutGaps() {
        let found = RoundTrips(row([0, 1, 3, 16, 17, 31])).buckets
        #expect(
            found == [
                .init(lower: 0, upper: 1, count: 1), .init(lower: 1, upper: 2, count: 1),
                .init(lower: 2, upper: 4, count: 1), .init(lower: 4, upper: 8, count: 0),
                .init(lower: 8, upper: 16, count: 0), .init(lower: 16, upper: 32, count: 3),
            ])
    }

    @Test func aTableIsSortedByWhatIsAskedFor() {
        var ledger = RoundTripLedger()
        ledger.add(RoundTrips(row([10, 10, 10])), to: key(1))
        ledger.add(RoundTrips(row([5, 900])), to: key(2))
        ledger.add(RoundTrips(row([300])), to: key(3))
        ledger.add(RoundTrips(row([300])), to: key(0))
        let block = ledger.closeInterval(seconds: 1)
        let orders: [(RoundTripOrder, [UInt16])] = [
            (.samples, [1, 2, 0, 3]), (.max, [2, 0, 3, 1]), (.min, [0, 3, 1, 2]), (.mean, [2, 0, 3, 1]),
        ]
        for (order, services) in orders {
            var sorted = block
            order.sort(&sorted)
            #expect(sorted.rows.map(\.key.service) == services)
        }
    }
}
