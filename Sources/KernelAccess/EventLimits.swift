import CNettraceBPF

/// What the programs are told before the load of how much to tell (BPF/include/nettrace_sock.h, struct nt_limits).
public struct EventLimits: Sendable {
    /// Events of one kind in a second, about; nil: all. Those beyond are only counted.
    public var perSecond: UInt32?
    /// Which changes of state are told: all, or those that a connection makes when something went wrong.
    public var onlyAnomalies = false

    public init() {}

    func write(to limits: inout nt_limits) {
        limits.per_second = perSecond ?? 0
        withUnsafeMutableBytes(of: &limits.changes) { bytes in
            let changes = bytes.bindMemory(to: UInt16.self)
            for old in changes.indices { changes[old] = onlyAnomalies ? Self.anomalies(from: old) : .max }
        }
    }

    /// Whether a connection that changes its state so has come to grief.
    public static func isAnomaly(from old: Int, to new: Int) -> Bool {
        0..<16 ~= new && anomalies(from: old) >> UInt16(new) & 1 == 1
    }

    /// As bits of new states (include/net/tcp_states.h): a connection that closes without the handshake of closing was
    /// refused, given up or reset. One in FIN_WAIT2, CLOSING or LAST_ACK, and a listener, closes that way in good health.
    static func anomalies(from old: Int) -> UInt16 {
        let (established, synSent, synReceived, finWait1, close, closeWait) = (1, 2, 3, 4, 7, 8)
        return [established, synSent, synReceived, finWait1, closeWait].contains(old) ? 1 << close : 0
    }
}
