import Analysis
import CNettraceBPF
import Events
import Rendering
import Testing
import Text

@Suite struct ConnectionTableTests {
    private func connection(_ change: (inout nt_tcp_connection) -> Void) -> TCPConnection {
        var raw = nt_tcp_connection()
        raw.flags = UInt16(NT_TCP_JUDGED | NT_TCP_HANDSHAKE | NT_TCP_OUTGOING)
        raw.protocol = 0x0800
        withUnsafeMutableBytes(of: &raw.local) { $0.copyBytes(from: [10, 0, 0, 1]) }
        withUnsafeMutableBytes(of: &raw.remote) { $0.copyBytes(from: [10, 0, 0, 2]) }
        withUnsafeMutableBytes(of: &raw.comm) { $0.copyBytes(from: "curl\u{1b}".utf8) }
        raw.local_port = UInt16(4711).bigEndian
        raw.remote_port = UInt16(80).bigEndian
        raw.netns = 7
        raw.pid = 812
        raw.started = 1_000_000_000
        raw.state = 1
        raw.bytes_sent = 1000
        raw.retransmits = 3
        raw.srtt = 250
        raw.ssthresh = 0x7fff_ffff
        change(&raw)
        return withUnsafeBytes(of: raw) { TCPConnection($0.bytes)! }
    }

    private var ended: TCPConnection {
        connection {
            $0.ended = 3_500_000_000
            $0.state = 7
            $0.last_state = 1
            $0.error = 104
        }
    }

    /// Seen late, over IPv6; its process is found by the socket's inode.
    private var old: TCPConnection {
        connection {
            $0.flags = UInt16(NT_TCP_JUDGED)
            $0.protocol = 0x86dd
            $0.pid = 0
            $0.inode = 99
            $0.srtt = 0
            $0.send_stops = 2
            $0.receive_stops = 1
        }
    }

    private let names = SocketNames(owner: { $0 == 99 ? .init(pid: 5, command: "nginx", others: 1) : nil })

    private func lines(
        _ block: ConnectionBlock, room: TableRoom = .init(width: .max), order: ConnectionOrder = .bytes
    ) -> [String] {
        var buffer = ByteBuffer()
        var table = ConnectionTable(names: names, order: order)
        table.render(block, seconds: 4, at: DropTableTests.time, in: room, repaints: false, into: &buffer)
        return text(buffer).split(separator: "\n", omittingEmptySubsequences: false).map(String.init)
    }

    /// On a narrow terminal, the column that sorts the lines stays.
    @Test(arguments: [ConnectionOrder.retrans, .rtt, .stops, .lost, .duration, .segments])
    func whatItIsSortedByIsShown(_ order: ConnectionOrder) {
        let titles: [ConnectionOrder: String] = [
            .retrans: "RETRANS", .rtt: "RTT", .stops: "STOPS", .lost: "LOST", .duration: "SECONDS",
            .segments: "SEGS OUT",
        ]
        let block = ConnectionBlock(connections: [ended, old], now: 2_000_000_000)
        for width in [60, 80, 100] {
            let found = lines(block, room: .init(width: width, isStrict: true), order: order)
            #expect(found[1].contains(titles[order] ?? "?"), "\(found[1])")
            #expect(found[1].hasPrefix("  CONNECTION"))
            #expect(found[0...3].allSatisfy { $0.count <= width })
        }
    }

    /// The kernel starts with a variation that was never measured.
    @Test func aConnectionWithoutASampleHasNoTime() {
        let found = lines(ConnectionBlock(connections: [old], now: 2_000_000_000))
        #expect(found[2].split(separator: " ").filter { $0 == "-" }.count == 3, "\(found[2])")
    }

    @Test func aTable() {
        let found = lines(ConnectionBlock(connections: [ended, old], now: 2_000_000_000))
        #expect(found[0].dropFirst(19) == "  whole run, 4.0 s: 2 TCP connections, 1 ended; times in microseconds")
        #expect(
            found[1].hasPrefix(
                "  CONNECTION                      STATE         SECONDS      SENT  RECEIVED  SEGS OUT"))
        #expect(found[2].hasPrefix("  10.0.0.1:4711 -> 10.0.0.2:80    reset           2.500      1000         0"))
        #expect(found[2].hasSuffix("  7      curl\\x1b:812"))
        #expect(found[3].hasPrefix("  [a00:1::]:4711 -- [a00:2::]:80  ESTABLISHED    >1.000      1000         0"))
        #expect(found[3].hasSuffix("      3    0  7      nginx:5"))
    }

    @Test func whatIsNotShownIsCounted() {
        let block = ConnectionBlock(connections: [ended, old], others: 7, now: 0, isFinal: false)
        let found = lines(block, room: .init(rows: 1, width: .max))
        #expect(found[0].contains("  4.0 s: 9 TCP connections, 8 ended"))
        #expect(found[3...] == ["  1 more row", "  7 other connections, for which there was no room", "", ""])
    }

    private func json(_ block: ConnectionBlock, limit: Int? = nil) -> [String] {
        var buffer = ByteBuffer()
        var json = ConnectionJSON(names: names, limit: limit)
        let count = json.render(block, at: DropTableTests.time, into: &buffer)
        let lines = text(buffer).split(separator: "\n").map(String.init)
        #expect(lines.count == count)
        return lines
    }

    @Test func anObjectForEach() {
        let found = json(ConnectionBlock(connections: [ended, old], now: 2_000_000_000))
        #expect(
            found[0]
                == #"{"type":"tcp_connection","time":"2026-11-21T00:00:00.000000000Z","final":true,"laddr":"10.0.0.1","#
                + #""lport":4711,"raddr":"10.0.0.2","rport":80,"netns":7,"direction":"out","pid":812,"comm":"curl\u001b","#
                + #""state":"CLOSE","ending":"reset","error":"ECONNRESET","handshake_seen":true,"duration_ns":2500000000,"#
                + #""bytes_sent":1000,"bytes_acked":0,"bytes_received":0,"bytes_retrans":0,"segs_out":0,"segs_in":0,"#
                + #""data_segs_out":0,"data_segs_in":0,"retrans":3,"lost":0,"srtt_us":250,"rttvar_us":0,"cwnd":0,"#
                + #""snd_wnd":0,"rcv_wnd":0,"snd_stops":0,"rcv_stops":0,"mss":0}"#)
        #expect(
            found[1].contains(#""pid":5,"comm":"nginx","inode":99,"state":"ESTABLISHED","duration_ns":1000000000,"#))
        #expect(json(ConnectionBlock(connections: [ended, old], now: 0), limit: 1).count == 1)
    }

    @Test func everyLineKeepsToTheSchema() throws {
        let validator = try SchemaValidator()
        var all = [ended, old]
        for state: UInt8 in 0...13 {
            for error: UInt16 in [0, 110, 111, 113, 999] {
                all.append(
                    connection {
                        $0.flags |= UInt16(NT_TCP_INCOMING)
                        ($0.state, $0.last_state, $0.error, $0.ended) = (state, state, error, UInt64(error) * 1 << 40)
                        $0.bytes_acked = .max
                        $0.ssthresh = 2
                        $0.min_rtt = .max
                    })
            }
        }
        for line in json(ConnectionBlock(connections: all, now: .max, isFinal: false)) {
            #expect(validator.problems(line) == [])
        }
    }
}
