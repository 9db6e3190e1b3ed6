import CNettraceBPF

/// Settings of the programs that follow TCP connections, fixed before the load.
public struct TCPConfiguration: Sendable {
    /// Settings for round-trip times that are counted in the kernel.
    public struct RoundTrips: Sendable {
        public enum Samples: Sendable {
            /// Each time that an acknowledgement changes the smoothed round-trip time.
            case every
            /// The first one of each connection whose handshake was seen.
            case first
            /// The last one of each connection.
            case last
        }

        /// NT_RTT_BY_ of BPF/include/nettrace_tcp.h.
        public var dimensions: UInt32
        public var samples: Samples
        /// Microseconds; shorter times are not counted.
        public var minimum: UInt32
        /// Maximum number of rows in one interval.
        public var rows: UInt32 = 4096

        public init(dimensions: UInt32, samples: Samples = .every, minimum: UInt32 = 0) {
            self.dimensions = dimensions
            self.samples = samples
            self.minimum = minimum
        }
    }

    /// nil: connections are recorded instead, and passed on when they end.
    public var roundTrips: RoundTrips?
    /// Maximum number of connections that are followed at a time.
    public var connections: UInt32 = 16 << 10

    public init(_ roundTrips: RoundTrips? = nil) {
        self.roundTrips = roundTrips
    }

    func write(to config: inout nt_tcp_config) {
        guard let roundTrips else {
            config.mode = NT_TCP_SUMMARY.rawValue
            return
        }
        config.mode = NT_TCP_RTT.rawValue
        config.dimensions = roundTrips.dimensions
        config.min_rtt = roundTrips.minimum
        config.samples =
            switch roundTrips.samples {
            case .every: NT_RTT_EVERY.rawValue
            case .first: NT_RTT_FIRST.rawValue
            case .last: NT_RTT_LAST.rawValue
            }
    }
}
