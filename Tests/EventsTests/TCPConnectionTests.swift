import CNettraceBPF
import Events
import Testing

@Suite struct TCPConnectionTests {
    private func connection(_ change: (inout nt_tcp_connection) -> Void) -> TCPConnection? {
        var raw = nt_tcp_connection()
        raw.flags = UInt16(NT_TCP_JUDGED)
        change(&raw)
        return withUnsafeBytes(of: raw) { TCPConnection($0.bytes) }
    }

    @Test func portsAndAddressesAreInNetworkOrder() throws {
        let found = try #require(
            connection { raw in
                withUnsafeMutableBytes(of: &raw.local) { $0.copyBytes(from: [10, 9, 0, 1]) }
                withUnsafeMutableBytes(of: &raw.remote) { $0.copyBytes(from: 1...16) }
                raw.local_port = UInt16(4711).bigEndian
                raw.remote_port = UInt16(80).bigEndian
                withUnsafeMutableBytes(of: &raw.comm) { $0.copyBytes(from: "curl\0rest".utf8) }
            })
        #expect(found.local == NetworkAddress(high: 0x0a09_0001_0000_0000))
        #expect(found.remote == NetworkAddress(high: 0x0102_0304_0506_0708, low: 0x090a_0b0c_0d0e_0f10))
        #expect(found.localPort == 4711)
        #expect(found.remotePort == 80)
        #expect(found.command == Array("curl".utf8))
    }

    @Test func aNameThatFillsItsFieldHasNoEnd() {
        let found = connection { raw in
            withUnsafeMutableBytes(of: &raw.comm) { $0.copyBytes(from: repeatElement(UInt8(ascii: "x"), count: 16)) }
        }
        #expect(found?.command.count == 16)
    }

    @Test func whatHasNoAddressesYetIsNone() {
        #expect(connection { $0.flags = UInt16(NT_TCP_HANDSHAKE) } == nil)
        let short = [UInt8](repeating: 0xff, count: MemoryLayout<nt_tcp_connection>.size - 1)
        #expect(TCPConnection(short.span.bytes) == nil)
    }

    @Test func durations() {
        let alive = connection { $0.started = 100 }
        #expect(alive?.duration(at: 350) == 250)
        #expect(alive?.duration(at: 50) == 0)
        let ended = connection {
            $0.started = 100
            $0.ended = 300
        }
        #expect(ended?.duration(at: 1_000_000) == 200)
    }

    @Test(arguments: [
        (9, 0, false, TCPConnection.Ending.closedByPeer), (5, 0, false, .closed), (4, 0, false, .closed),
        (11, 0, false, .closed), (5, 0, true, .aborted), (1, 0, true, .aborted), (1, 0, false, .aborted),
        (1, 104, false, .reset), (8, 32, false, .reset), (2, 111, false, .refused), (2, 110, false, .timedOut),
        (1, 110, true, .timedOut), (2, 113, false, .failed), (2, 0, false, .failed),
    ])
    func endings(lastState: UInt8, error: UInt16, sentReset: Bool, ending: TCPConnection.Ending) {
        let found = connection { raw in
            raw.ended = 1
            raw.last_state = lastState
            raw.error = error
            if sentReset { raw.flags |= UInt16(NT_TCP_RESET_SENT) }
        }
        #expect(found?.ending == ending)
        #expect(connection { $0.last_state = lastState }?.ending == nil)
    }

    @Test func directions() {
        #expect(connection { _ in }?.direction == nil)
        #expect(connection { $0.flags |= UInt16(NT_TCP_OUTGOING) }?.direction == .outgoing)
        #expect(connection { $0.flags |= UInt16(NT_TCP_INCOMING) }?.direction == .incoming)
    }
}
