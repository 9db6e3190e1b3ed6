import AttachPlanning
import CLibBPF
import CNettraceBPF
import CSyscalls
import Glibc
import SystemPackage

/// TCP connections followed in the kernel: a few tracepoints of TCP, and nothing per packet but a look at its socket.
public struct ConnectionWatch: ~Copyable {
    private var programs: BPFObject
    private var attachment = Attachment()
    private let ring: RingReader
    private let perCPU: PerCPUValues<UInt64>
    private var epoch: UInt8 = 0
    private let filters: MetadataFilters
    /// The tracepoints it is attached to.
    public private(set) var tracepoints: [String] = []

    /// What found no room.
    public struct Losses: Sendable, Equatable {
        /// Segments of connections that are not followed, since the table of connections was full.
        public var untracked: UInt64 = 0
        /// Connections that ended faster than they were read.
        public var undelivered: UInt64 = 0
        /// Round-trip times for which the table of rows was full.
        public var unrowed: UInt64 = 0
    }

    /// Loads and attaches.
    public static func start(
        _ tcp: TCPConfiguration, configuration: TraceConfiguration
    ) throws(KernelError) -> ConnectionWatch {
        var configuration = configuration
        configuration.tcp = tcp
        let perCPU = try PerCPUValues<UInt64>()
        let programs = try BPFObject(plan: AttachPlan(), configuration: configuration)
        let ring = try RingReader(map: programs.object.events, hooks: 0)
        var watch = ConnectionWatch(programs, ring, perCPU, filters: configuration.filters)
        _ = try watch.losses()
        try watch.attach("sock:inet_sock_set_state", watch.programs.object.tcp_state)
        try watch.attach("tcp:tcp_destroy_sock", watch.programs.object.tcp_destroy)
        try watch.attach("tcp:tcp_probe", watch.programs.object.tcp_segment)
        if tcp.roundTrips == nil {
            // Where the peer is silent.
            try watch.attach("tcp:tcp_retransmit_skb", watch.programs.object.tcp_segment)
            try watch.attach("tcp:tcp_send_reset", watch.programs.object.tcp_reset)
        }
        // The process of a connection that it accepted, but neither opened nor closed.
        if configuration.filters.selectsProcess {
            try watch.attach("tcp:tcp_rcv_space_adjust", watch.programs.object.tcp_segment)
        }
        return watch
    }

    private init(
        _ programs: consuming BPFObject, _ ring: consuming RingReader, _ perCPU: consuming PerCPUValues<UInt64>,
        filters: MetadataFilters
    ) {
        self.programs = programs
        self.ring = ring
        self.perCPU = perCPU
        self.filters = filters
    }

    private mutating func attach(_ tracepoint: String, _ program: OpaquePointer?) throws(KernelError) {
        let name = String(tracepoint.drop { $0 != ":" }.dropFirst())
        attachment.attachTracepoint(
            name, hook: tracepoints.count, program: FileDescriptor(rawValue: bpf_program__fd(program)), cookie: nil)
        if let refusal = attachment.refused[tracepoints.count] {
            throw KernelError("cannot attach to \(tracepoint)", errno: refusal)
        }
        tracepoints.append(tracepoint)
    }

    public mutating func openGate() { programs.openGate() }

    /// From here on nothing changes but by `refresh`.
    public mutating func closeGate() {
        programs.closeGate()
        waitForPrograms()
    }

    /// After a grace period no program runs that has begun before; as in DropCounting.
    private func waitForPrograms() {
        if nt_wait_for_grace_period() != 0 { nt_sleep(100) }
    }

    /// Waits up to `milliseconds`, then hands out the connections that have ended (`struct nt_tcp_connection`, valid
    /// during the call).
    public func poll(milliseconds: Int32, _ receive: (UnsafeRawBufferPointer) -> Void) throws(KernelError) {
        try ring.poll(milliseconds: milliseconds) { record in
            receive(record)
            return true
        }
    }

    /// Hands out the connections that go on, as they are now.
    public func connections(_ receive: (UnsafeRawBufferPointer) -> Void) throws(KernelError) {
        let table = connectionTable
        var connection = nt_tcp_connection()
        for key in Set(try table.keys(limit: 1 << 20)) {
            refresh(key)
            guard table.read(key, into: &connection), filters.allowProcess(of: connection) else { continue }
            withUnsafeBytes(of: connection, receive)
        }
    }

    /// Has the last round-trip time of every connection counted that goes on.
    public func sampleAll() throws(KernelError) {
        for key in Set(try connectionTable.keys(limit: 1 << 20)) { refresh(key) }
    }

    private var connectionTable: KernelTable<UInt64> {
        KernelTable(programs.object.tcp_connections, of: "connections", keys: 0)
    }

    /// Runs the program that reads a socket, with the socket for its argument (BPF_PROG_TEST_RUN of raw tracepoints).
    /// One that is gone by now is no longer in the table, where the program looks first.
    private func refresh(_ socket: UInt64) {
        var options = bpf_test_run_opts()
        options.sz = MemoryLayout<bpf_test_run_opts>.size
        withUnsafeBytes(of: socket) { argument in
            options.ctx_in = argument.baseAddress
            options.ctx_size_in = UInt32(argument.count)
            _ = bpf_prog_test_run_opts(bpf_program__fd(programs.object.tcp_refresh), &options)
        }
    }

    /// Ends the interval of the round-trip times, and hands out its rows (`struct nt_rtt_key`, `struct nt_rtt_row`, valid
    /// during the call).
    public mutating func collect(
        _ receive: (_ key: UnsafeRawBufferPointer, _ row: UnsafeRawBufferPointer) -> Void
    ) throws(KernelError) {
        let ended = epoch
        epoch &+= 1
        programs.setEpoch(epoch)
        waitForPrograms()
        let table = KernelTable(programs.object.rtt_rows, of: "rows of round-trip times", keys: nt_rtt_key())
        var row = nt_rtt_row()
        for key in try table.keys() where key.epoch == ended {
            try table.take(key, into: &row)
            withUnsafeBytes(of: key) { key in withUnsafeBytes(of: row) { receive(key, $0) } }
        }
    }

    /// Since the gate opened.
    public func losses() throws(KernelError) -> Losses {
        Losses(
            untracked: try counter(NT_TCP_UNTRACKED), undelivered: try counter(NT_TCP_UNDELIVERED),
            unrowed: try counter(NT_TCP_UNROWED))
    }

    private func counter(_ counter: nt_tcp_counter) throws(KernelError) -> UInt64 {
        guard try perCPU.read(counter.rawValue, of: bpf_map__fd(programs.object.tcp_counters)) else { return 0 }
        return perCPU.sum(into: 0) { $0 &+= $1 }
    }
}

extension MetadataFilters {
    /// As match_process_of() of BPF/tcp_connection.h. A connection whose process is not known yet has none.
    fileprivate func allowProcess(of connection: nt_tcp_connection) -> Bool {
        guard connection.pid != 0 else { return processes.wanted.isEmpty && commands.wanted.isEmpty }
        let command = withUnsafeBytes(of: connection.comm) { String(decoding: $0.prefix { $0 != 0 }, as: UTF8.self) }
        return processes.allows(connection.pid) && commands.allows(command)
    }
}
