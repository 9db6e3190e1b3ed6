import CNettraceBPF

/// A TCP connection, seen from one of its ends: who talks to whom, and what its socket has counted.
///
/// Layout: `struct nt_tcp_connection`, BPF/include/nettrace_tcp.h, where the numbers are explained.
public struct TCPConnection: Sendable {
    public var local: NetworkAddress
    public var remote: NetworkAddress
    /// Ethertype of the addresses.
    public var etherType: UInt16
    public var localPort: UInt16
    public var remotePort: UInt16
    /// Inode of the network namespace.
    public var netns: UInt32
    /// Inode of the socket; 0: no process has it open.
    public var inode: UInt64
    /// The process that was seen to use it; 0: none was.
    public var pid: UInt32
    /// Name of that process, which somebody chose: to be escaped.
    public var command: [UInt8]

    /// Nanoseconds of CLOCK_MONOTONIC: its handshake, or when it was first seen.
    public var started: UInt64
    /// The same; nil: it goes on.
    public var ended: UInt64?
    /// `enum` of include/net/tcp_states.h; the one before it was closed.
    public var state: UInt8
    public var lastState: UInt8
    /// errno that it ended with; 0: none.
    public var error: UInt16
    /// This side has sent a reset.
    public var sentReset: Bool
    /// Which side has connected; nil: that was not seen.
    public var direction: Direction?
    /// Its handshake was seen: its duration is the whole time that it took.
    public var sawHandshake: Bool

    public var sent: Traffic
    public var received: Traffic
    /// Payload that was sent again, in bytes, of those in `sent`; and segments.
    public var retransmittedBytes: UInt64
    public var retransmits: UInt32
    /// Payload that the peer has acknowledged, in bytes.
    public var acknowledgedBytes: UInt64
    /// Segments that the kernel took for lost.
    public var lost: UInt32
    /// Microseconds; 0: not measured.
    public var smoothedRTT: UInt32
    public var variation: UInt32
    public var minimumRTT: UInt32
    /// Segments.
    public var congestionWindow: UInt32
    public var slowStartThreshold: UInt32
    /// Bytes that one side lets the other send, and how often that was seen to become none.
    public var sendWindow: Window
    public var receiveWindow: Window
    /// Bytes of payload in a segment sent.
    public var segmentSize: UInt32

    public enum Direction: Sendable { case outgoing, incoming }

    /// The traffic of one direction.
    public struct Traffic: Sendable, Equatable {
        public var bytes: UInt64
        public var segments: UInt32
        /// Of these, segments with payload.
        public var dataSegments: UInt32
    }

    public struct Window: Sendable, Equatable {
        public var bytes: UInt32
        public var stops: UInt32
    }

    /// Reads a record. nil if `bytes` is too short for one, or its addresses are not known.
    public init?(_ bytes: RawSpan) {
        guard let record = bytes.load(nt_tcp_connection.self, at: 0) else { return nil }
        let flags = UInt32(record.flags)
        guard flags & UInt32(NT_TCP_JUDGED) != 0 else { return nil }
        local = withUnsafeBytes(of: record.local) { NetworkAddress(network: $0) }
        remote = withUnsafeBytes(of: record.remote) { NetworkAddress(network: $0) }
        etherType = record.protocol
        localPort = UInt16(bigEndian: record.local_port)
        remotePort = UInt16(bigEndian: record.remote_port)
        netns = record.netns
        inode = record.inode
        pid = record.pid
        command = withUnsafeBytes(of: record.comm) { Array($0.prefix { $0 != 0 }) }
        started = record.started
        ended = record.ended == 0 ? nil : record.ended
        state = record.state
        lastState = record.last_state
        error = record.error
        direction =
            flags & UInt32(NT_TCP_OUTGOING) != 0
            ? .outgoing : flags & UInt32(NT_TCP_INCOMING) != 0 ? .incoming : nil
        sentReset = flags & UInt32(NT_TCP_RESET_SENT) != 0
        sawHandshake = flags & UInt32(NT_TCP_HANDSHAKE) != 0
        sent = Traffic(bytes: record.bytes_sent, segments: record.segs_out, dataSegments: record.data_segs_out)
        received = Traffic(bytes: record.bytes_received, segments: record.segs_in, dataSegments: record.data_segs_in)
        retransmittedBytes = record.bytes_retrans
        retransmits = record.retransmits
        acknowledgedBytes = record.bytes_acked
        lost = record.lost
        smoothedRTT = record.srtt
        variation = record.rttvar
        minimumRTT = record.min_rtt
        congestionWindow = record.cwnd
        slowStartThreshold = record.ssthresh
        sendWindow = Window(bytes: record.send_window, stops: record.send_stops)
        receiveWindow = Window(bytes: record.receive_window, stops: record.receive_stops)
        segmentSize = record.mss
    }

    /// Nanoseconds, from its handshake, or from when it was first seen.
    ///
    /// - Parameter now: CLOCK_MONOTONIC, for one that goes on.
    public func duration(at now: UInt64) -> UInt64 {
        let end = ended ?? now
        return end > started ? end - started : 0
    }

    /// How it ended, as far as its last state and its error show.
    public enum Ending: Sendable, Equatable {
        /// This side closed first, then the peer.
        case closed
        /// The peer closed first, then this side.
        case closedByPeer
        /// By a reset: the peer's, or, where this side had closed before, its own answer to data that came too late; the
        /// kernel's error is the same for both.
        case reset
        /// By a reset of this side: it closed without having read everything, or without lingering.
        case aborted
        /// The connection request was answered by a reset.
        case refused
        /// Nothing came back for too long.
        case timedOut
        /// It did not come to be, for another reason.
        case failed
    }

    /// nil: it goes on.
    public var ending: Ending? {
        guard ended != nil else { return nil }
        switch error {
        case 111: return .refused  // ECONNREFUSED
        case 110: return .timedOut  // ETIMEDOUT
        case 104, 32: return .reset  // ECONNRESET; EPIPE, when the peer had closed before
        default: break
        }
        if sentReset { return .aborted }
        switch lastState {
        case 9: return .closedByPeer  // LAST_ACK
        case 4, 5, 11: return .closed  // FIN_WAIT1, FIN_WAIT2, CLOSING
        case 2: return .failed  // SYN_SENT
        default: return .aborted
        }
    }
}
