import AttachPlanning
import CLibBPF
import CNettraceBPF
import CSyscalls
import Glibc
import SystemPackage

/// Follows TCP connections in the kernel, with a few tracepoints of TCP. Costs one look-up of the socket per packet.
public struct ConnectionWatch: ~Copyable {
    private var programs: BPFObject
    private var attachment = Attachment()
    private let ring: RingReader
    private let perCPU: PerCPUValues<UInt64>
    private var epoch: UInt8 = 0
    private let filters: MetadataFilters
    /// The tracepoints that the programs are attached to.
    public private(set) var tracepoints: [String] = []

    /// Counts of what did not fit.
    public struct Losses: Sendable, Equatable {
        /// Segments of connections that are not followed because the table of connections was full.
        public var untracked: UInt64 = 0
        /// Connections that ended faster than user space read them.
        public var undelivered: UInt64 = 0
        /// Round-trip times for which the table of rows was full.
        public var unrowed: UInt64 = 0
    }

    /// Loads and attaches the programs.
    public static func start(
        _ tcp: TCPConfiguration, configuration: TraceConfiguration
    ) throws(KernelError) -> ConnectionWatch {
        var configuration = configuration
        configuration.tcp = tcp
        let perCPU = try PerCPUValues<UInt64>()
        let programs = try BPFObject(plan: AttachPlan(), configuration: configuration)
        let ring = try RingReader(map: programs.object.map(.events), hooks: 0)
        var watch = ConnectionWatch(programs, ring, perCPU, filters: configuration.filters)
        _ = try watch.losses()
        try watch.attach("sock:inet_sock_set_state", .stateOfTCP)
        try watch.attach("tcp:tcp_destroy_sock", .destructionOfTCP)
        try watch.attach("tcp:tcp_probe", .segmentOfTCP)
        if tcp.roundTrips == nil {
            // These two also report connections whose peer is silent.
            try watch.attach("tcp:tcp_retransmit_skb", .segmentOfTCP)
            try watch.attach("tcp:tcp_send_reset", .resetOfTCP)
        }
        // Finds the process of a connection that it accepted, but neither opened nor closed.
        if configuration.filters.selectsProcess {
            try watch.attach("tcp:tcp_rcv_space_adjust", .segmentOfTCP)
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

    private mutating func attach(_ tracepoint: String, _ program: CompiledProgram) throws(KernelError) {
        let name = String(tracepoint.drop { $0 != ":" }.dropFirst())
        attachment.attach(
            programs.descriptor(of: program, .rawTracepoint(hasCookie: false)),
            to: [AttachTarget(hook: tracepoints.count, name: name)])
        if let refusal = attachment.refused[tracepoints.count] {
            throw KernelError("cannot attach to \(tracepoint)", errno: refusal)
        }
        tracepoints.append(tracepoint)
    }

    public mutating func openGate() { programs.openGate() }

    /// After this, only `refresh` changes connections.
    public mutating func closeGate() {
        programs.closeGate()
        waitForPrograms()
    }

    /// After a grace period no program still runs that began earlier; see DropCounting.
    private func waitForPrograms() {
        if nt_wait_for_grace_period() != 0 { nt_sleep(100) }
    }

    /// Waits up to `milliseconds`, then passes on the connections that have ended (`struct nt_tcp_connection`, valid
    /// during the call).
    public func poll(milliseconds: Int32, _ receive: (UnsafeRawBufferPointer) -> Void) throws(KernelError) {
        try ring.poll(milliseconds: milliseconds, receive)
    }

    /// Passes on the live connections, as they are now.
    public func connections(_ receive: (UnsafeRawBufferPointer) -> Void) throws(KernelError) {
        let table = connectionTable
        var connection = nt_tcp_connection()
        for key in Set(try table.keys(limit: 1 << 20)) {
            refresh(key)
            guard table.read(key, into: &connection), filters.allowProcess(of: connection) else { continue }
            withUnsafeBytes(of: connection, receive)
        }
    }

    /// Counts the latest round-trip time of every live connection.
    public func sampleAll() throws(KernelError) {
        for key in Set(try connectionTable.keys(limit: 1 << 20)) { refresh(key) }
    }

    private var connectionTable: KernelTable<UInt64> {
        KernelTable(programs.object.map(.connectionsOfTCP), of: "connections", keys: 0)
    }

    /// Runs the program that reads a socket, with the socket as its argument (BPF_PROG_TEST_RUN of raw tracepoints).
    /// The program first looks the socket up in the table, so it does not touch a socket that is gone.
    private func refresh(_ socket: UInt64) {
        var options = bpf_test_run_opts()
        options.sz = MemoryLayout<bpf_test_run_opts>.size
        withUnsafeBytes(of: socket) { argument in
            options.ctx_in = argument.baseAddress
            options.ctx_size_in = UInt32(argument.count)
            _ = bpf_prog_test_run_opts(bpf_program__fd(programs.object.program(.refreshOfTCP)), &options)
        }
    }

    /// Ends the interval of the round-trip times, and passes on its rows (`struct nt_rtt_key`, `struct nt_rtt_row`,
    /// valid during the call).
    public mutating func collect(
        _ receive: (_ key: UnsafeRawBufferPointer, _ row: UnsafeRawBufferPointer) -> Void
    ) throws(KernelError) {
        let ended = epoch
        epoch &+= 1
        programs.setEpoch(epoch)
        waitForPrograms()
        let table = KernelTable(programs.object.map(.roundTripRows), of: "rows of round-trip times", keys: nt_rtt_key())
        var row = nt_rtt_row()
        for key in try table.keys() where key.epoch == ended {
            try table.take(key, into: &row)
            withUnsafeBytes(of: key) { key in withUnsafeBytes(of: row) { receive(key, $0) } }
        }
    }

    /// Losses since the gate opened.
    public func losses() throws(KernelError) -> Losses {
        Losses(
            untracked: try counter(NT_TCP_UNTRACKED), undelivered: try counter(NT_TCP_UNDELIVERED),
            unrowed: try counter(NT_TCP_UNROWED))
    }

    private func counter(_ counter: nt_tcp_counter) throws(KernelError) -> UInt64 {
        guard try perCPU.read(counter.rawValue, of: bpf_map__fd(programs.object.map(.countersOfTCP))) else { return 0 }
        return perCPU.sum(into: 0) { $0 &+= $1 }
    }
}

extension MetadataFilters {
    /// The same as match_process_of() of BPF/sockets/tcp_connection.h. A connection whose process is not yet known has none.
    fileprivate func allowProcess(of connection: nt_tcp_connection) -> Bool {
        guard connection.pid != 0 else { return processes.wanted.isEmpty && commands.wanted.isEmpty }
        let command = withUnsafeBytes(of: connection.comm) { String(decoding: $0.prefix { $0 != 0 }, as: UTF8.self) }
        return processes.allows(connection.pid) && commands.allows(command)
    }
}
