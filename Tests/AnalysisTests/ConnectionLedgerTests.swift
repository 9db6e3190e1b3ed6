import Analysis
import CNettraceBPF
import Events
import Testing

@Suite struct ConnectionLedgerTests {
    private func connection(_ port: UInt16, sent: UInt64, ended: UInt64 = 10) -> TCPConnection {
        var raw = nt_tcp_connection()
        raw.flags = UInt16(NT_TCP_JUDGED)
        raw.local_port = port.bigEndian
        raw.bytes_sent = sent
        raw.bytes_received = 100 - min(sent, 100)
        raw.retransmits = UInt32(port)
        raw.started = UInt64(port)
        raw.ended = ended
        return withUnsafeBytes(of: raw) { TCPConnection($0.bytes)! }
    }

    private func ports(_ block: ConnectionBlock) -> [UInt16] { block.connections.map(\.localPort) }

    @Test func liveAndEndedOnesAreSortedTogether() {
        var ledger = ConnectionLedger(order: .sent)
        ledger.add(connection(1, sent: 10))
        ledger.add(connection(2, sent: 30))
        let block = ledger.block(with: [connection(3, sent: 20, ended: 0)], at: 50, isFinal: false)
        #expect(ports(block) == [2, 3, 1])
        #expect(!block.isFinal && block.now == 50 && block.others == 0)
        #expect(ports(ledger.block(with: [], at: 60, isFinal: true)) == [2, 1])
    }

    @Test(arguments: [
        (ConnectionOrder.sent, [UInt16(2), 1, 3]), (.received, [3, 1, 2]), (.retrans, [3, 2, 1]), (.bytes, [1, 2, 3]),
        (.lost, [1, 2, 3]), (.duration, [3, 1, 2]),
    ])
    func orders(order: ConnectionOrder, ports expected: [UInt16]) {
        var ledger = ConnectionLedger(order: order)
        ledger.add(connection(3, sent: 10, ended: 0))
        ledger.add(connection(2, sent: 30))
        ledger.add(connection(1, sent: 20))
        #expect(ports(ledger.block(with: [], at: 1000, isFinal: true)) == expected)
    }

    @Test func theLastInOrderAreLetGoAndCounted() {
        var ledger = ConnectionLedger(order: .sent, limit: 8)
        for port: UInt16 in 1...100 { ledger.add(connection(port, sent: port == 5 ? 10_000 : UInt64(port))) }
        let block = ledger.block(with: [], at: 0, isFinal: true)
        #expect(ports(block).first == 5)
        #expect(block.connections.count <= 8)
        #expect(UInt64(block.connections.count) + block.others == 100)
    }
}
