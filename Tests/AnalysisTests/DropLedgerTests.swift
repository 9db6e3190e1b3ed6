import Analysis
import CNettraceBPF
import Events
import Testing

@Suite struct DropLedgerTests {
    private func key(_ reason: UInt32, port: UInt16 = 0) -> DropKey {
        var raw = nt_drop_key()
        raw.reason = reason
        raw.dport = port.bigEndian
        return withUnsafeBytes(of: raw) { DropKey($0.bytes)! }
    }

    private func reasons(_ block: DropBlock) -> [UInt32] { block.rows.map(\.key.reason) }

    @Test func theMostFrequentOfTheIntervalComesFirst() {
        var ledger = DropLedger()
        ledger.add(DropSum(packets: 100, bytes: 1), to: key(1))
        ledger.add(DropSum(packets: 1, bytes: 1), to: key(2))
        #expect(reasons(ledger.closeInterval(seconds: 1)) == [1, 2])
        ledger.add(DropSum(packets: 3, bytes: 1), to: key(1))
        ledger.add(DropSum(packets: 7, bytes: 1), to: key(2))
        #expect(reasons(ledger.closeInterval(seconds: 1)) == [2, 1])
        // Over the whole run the order is reversed.
        #expect(reasons(ledger.finish(seconds: 2)) == [1, 2])
    }

    @Test func equalRowsKeepTheirOrder() {
        var ledger = DropLedger()
        for reason: UInt32 in [9, 4, 7, 1, 8] { ledger.add(DropSum(packets: 5), to: key(reason)) }
        for port: UInt16 in [3, 1, 2] { ledger.add(DropSum(packets: 5), to: key(6, port: port)) }
        for _ in 0..<3 {
            let block = ledger.closeInterval(seconds: 1, showsIdle: true)
            #expect(reasons(block) == [1, 4, 6, 6, 6, 7, 8, 9])
            #expect(block.rows[2...4].map(\.key.destinationPort) == [1, 2, 3])
        }
    }

    @Test func ratesAreOfTheInterval() {
        var ledger = DropLedger()
        ledger.add(DropSum(packets: 30, bytes: 3000), to: key(1))
        ledger.add(DropSum(packets: 10, bytes: 1000), to: key(1))
        var block = ledger.closeInterval(seconds: 2)
        #expect(block.rate(of: block.rows[0].sum) == 20)
        #expect(block.rows[0].sum == DropSum(packets: 40, bytes: 4000))
        ledger.add(DropSum(packets: 2, bytes: 100), to: key(1))
        block = ledger.closeInterval(seconds: 0.5)
        #expect(block.rate(of: block.sum) == 4)
        #expect(block.rows[0].total == 42)
        #expect(block.sinceStart == DropSum(packets: 42, bytes: 4100))
        #expect(ledger.closeInterval(seconds: 0).rate(of: DropSum(packets: 1)) == 0)
    }

    @Test func idleRowsAreShownWhereWanted() {
        var ledger = DropLedger()
        ledger.add(DropSum(packets: 1), to: key(1))
        _ = ledger.closeInterval(seconds: 1)
        #expect(ledger.closeInterval(seconds: 1).rows.isEmpty)
        let block = ledger.closeInterval(seconds: 1, showsIdle: true)
        #expect(block.rows.count == 1)
        #expect(block.rows[0].sum == DropSum())
        #expect(block.rows[0].total == 1)
    }

    @Test func whatTheKernelHadNoRoomForCounts() {
        var ledger = DropLedger()
        ledger.add(DropSum(packets: 5, bytes: 50), to: key(1))
        ledger.addOther(DropSum(packets: 3, bytes: 30))
        var block = ledger.closeInterval(seconds: 1)
        #expect(block.other == DropSum(packets: 3, bytes: 30))
        #expect(block.sum == DropSum(packets: 8, bytes: 80))
        block = ledger.closeInterval(seconds: 1)
        #expect(block.other == DropSum())
        #expect(block.sinceStart == DropSum(packets: 8, bytes: 80))
        #expect(ledger.finish(seconds: 2).other == DropSum(packets: 3, bytes: 30))
    }

    /// No row is kept beyond the limit, and all of their drops stay in the sum.
    @Test func rowsThatLeaveStayInTheSum() {
        var ledger = DropLedger(limit: 10)
        var sent: UInt64 = 0
        for interval in 0..<20 {
            for port in 0..<37 {
                let sum = DropSum(packets: UInt64(1 + (port * 7 + interval) % 5), bytes: 100)
                ledger.add(sum, to: key(1, port: UInt16(interval * 37 + port)))
                sent += sum.packets
            }
            let block = ledger.closeInterval(seconds: 1)
            #expect(block.rows.count <= 10)
            #expect(block.sinceStart.packets == sent)
            #expect(block.sinceStart.bytes == UInt64(interval + 1) * 3700)
            #expect(block.sum.bytes == 3700)
        }
        let whole = ledger.finish(seconds: 20)
        #expect(whole.sum.packets == sent)
        #expect(whole.isFinal)
    }

    @Test func theStrongestRowsStay() {
        var ledger = DropLedger(limit: 4)
        ledger.add(DropSum(packets: 1000), to: key(1))
        for port: UInt16 in 1...50 { ledger.add(DropSum(packets: 1), to: key(2, port: port)) }
        #expect(ledger.closeInterval(seconds: 1).rows.first?.key.reason == 1)
    }

    @Test func nothingDropped() {
        var ledger = DropLedger()
        #expect(ledger.closeInterval(seconds: 1).rows.isEmpty)
        #expect(ledger.finish(seconds: 1).sum == DropSum())
    }
}
