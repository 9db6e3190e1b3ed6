import CNettraceBPF

/// Limits on events, fixed before the load (BPF/include/nettrace_sock.h, struct nt_limits).
public struct EventLimits: Sendable {
    /// Approximate maximum of events of one kind per second; nil: no limit. Further events are only counted.
    public var perSecond: UInt32?
    /// Whether only those changes of state are reported that a connection makes when something went wrong.
    public var onlyAnomalies = false

    public init() {}

    func write(to limits: inout nt_limits) {
        limits.per_second = perSecond ?? 0
        withUnsafeMutableBytes(of: &limits.changes) { bytes in
            let changes = bytes.bindMemory(to: UInt16.self)
            for old in changes.indices { changes[old] = onlyAnomalies ? Self.anomalies(from: old) : .max }
        }
    }

    /// Whether this change of state means that the connection failed.
    public static func isAnomaly(from old: Int, to new: Int) -> Bool {
        0..<16 ~= new && anomalies(from: old) >> UInt16(new) & 1 == 1
    }

    /// Bits of the new states (include/net/tcp_states.h) that mean failure: a connection that closes without the
    /// closing handshake was refused, given up or reset. FIN_WAIT2, CLOSING, LAST_ACK and a listener close that way
    /// normally.
    static func anomalies(from old: Int) -> UInt16 {
        let (established, synSent, synReceived, finWait1, close, closeWait) = (1, 2, 3, 4, 7, 8)
        return [established, synSent, synReceived, finWait1, closeWait].contains(old) ? 1 << close : 0
    }
}
