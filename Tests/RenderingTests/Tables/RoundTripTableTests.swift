import Analysis
import CNettraceBPF
import Events
import Rendering
import Testing
import Text

@Suite struct RoundTripTableTests {
    private func times(_ times: [UInt32]) -> RoundTrips {
        var raw = nt_rtt_row()
        raw.sum = times.reduce(0) { $0 + UInt64($1) }
        raw.min = times.min() ?? 0
        raw.max = times.max() ?? 0
        withUnsafeMutableBytes(of: &raw.parts) { bytes in
            let parts = bytes.bindMemory(to: UInt32.self)
            for time in times { parts[RoundTripRow.part(of: time)] += 1 }
        }
        return RoundTrips(withUnsafeBytes(of: raw) { RoundTripRow($0.bytes)! })
    }

    private func key(_ host: UInt8, v6: Bool = false) -> RoundTripKey {
        var raw = nt_rtt_key()
        withUnsafeMutableBytes(of: &raw.remote) {
            $0.copyBytes(from: v6 ? [0xfd] + [UInt8](repeating: 0, count: 14) + [host] : [10, 0, 0, host])
        }
        raw.protocol = v6 ? 0x86dd : 0x0800
        raw.service = UInt16(443).bigEndian
        return withUnsafeBytes(of: raw) { RoundTripKey($0.bytes)! }
    }

    private var block: RoundTripBlock {
        var ledger = RoundTripLedger()
        ledger.add(times([20, 20, 30]), to: key(1))
        ledger.add(times([10123]), to: key(2, v6: true))
        ledger.addOther(RoundTrips(unknown: 2))
        return ledger.closeInterval(seconds: 1)
    }

    private func lines(
        _ block: RoundTripBlock, histograms: Bool = false, room: TableRoom = .init(), repaints: Bool = false
    ) -> [String] {
        var buffer = ByteBuffer()
        var table = RoundTripTable(dimensions: [.raddr, .service], showsHistograms: histograms)
        table.render(block, at: DropTableTests.time, in: room, repaints: repaints, into: &buffer)
        return text(buffer).split(separator: "\n", omittingEmptySubsequences: false).map(String.init)
    }

    @Test func aTable() {
        let found = lines(block)
        #expect(found[0].dropFirst(19) == "  1.0 s: 6 round-trip times in microseconds; 6 since the start")
        #expect(
            found[1...] == [
                "  RADDR                                    SERVICE   COUNT       MIN    MEDIAN      MEAN       P95       P99       MAX",
                "  10.0.0.1                                 443           3        20        20      23.3        30        30        30",
                "  fd00::2                                  443           1     10123     10123   10123.0     10123     10123     10123",
                "  other rows, for which there was no room                2         -         -         -         -         -         -",
                "", "",
            ])
    }

    @Test func whatDoesNotFitIsOneLine() {
        let found = lines(block, room: .init(rows: 1))
        #expect(found[3].hasPrefix("  1 more row "))
        #expect(found[3].hasSuffix("       1     10123     10123   10123.0     10123     10123     10123"))
    }

    @Test func noLineOfATerminalIsTooLong() {
        for width in [10, 40, 75, 90] {
            let found = lines(block, room: .init(rows: 9, width: width, isStrict: true), repaints: true)
            #expect(found[0].hasPrefix("\u{1b}[H"))
            #expect(found[0].count - "\u{1b}[H\u{1b}[K".count == min(width, 81))
            for line in found[1...2] { #expect(line.count - "\u{1b}[K".count <= width) }
        }
    }

    @Test func histogramsStandBelowTheirRows() {
        let found = lines(block, histograms: true)
        #expect(found[3].hasPrefix("[16, 32)                3 |@@@@"))
        #expect(found[5].hasPrefix("[8K, 16K)               1 |@@@@"))
    }

    @Test func json() throws {
        var buffer = ByteBuffer()
        var json = RoundTripTableJSON(dimensions: [.raddr, .service], showsHistograms: true, limit: 1)
        json.render(block, at: DropTableTests.time, into: &buffer)
        #expect(
            text(buffer)
                == #"{"type":"rtt","time":"2026-11-21T00:00:00.000000000Z","interval":1.000,"total":6,"since_start":6,"rows":["#
                + #"{"raddr":"10.0.0.1","service":443,"count":3,"min_us":20,"mean_us":23.3,"p50_us":20,"p95_us":30,"#
                + #""p99_us":30,"max_us":30,"since_start":3,"buckets":[{"from_us":16,"below_us":32,"count":3}]}],"#
                + #""more_rows":1,"more":1,"other":2}"# + "\n")
    }

    @Test func everyLineKeepsToTheSchema() throws {
        let validator = try SchemaValidator()
        var empty = RoundTripLedger()
        for block in [block, empty.closeInterval(seconds: 0), empty.finish(seconds: 1)] {
            for dimensions in [RoundTripDimension.allCases, [.netns]] {
                var buffer = ByteBuffer()
                var json = RoundTripTableJSON(dimensions: dimensions, showsHistograms: dimensions.count > 1)
                json.render(block, at: DropTableTests.time, into: &buffer)
                #expect(validator.problems(text(buffer)) == [])
            }
        }
    }
}
