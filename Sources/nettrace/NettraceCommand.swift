import ArgumentParser
import Glibc
import KernelAccess

/// The root command: parses the command line and starts what it asks for.
@main
struct NettraceCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "nettrace",
        abstract: "Shows the way of packets through the Linux kernel, and why they are dropped.",
        usage: "nettrace [options] [filter expression]",
        discussion: """
            Every packet that matches all filters is shown at each place (tracer) that handles it. Tracers form a tree: \
            nettrace -t '?' lists it, and -t takes any group or tracer of it. A filter expression is written as for \
            tcpdump, see pcap-filter(7).

            Examples:
              nettrace -p icmp --addr 10.0.0.8         pings from and to a host, everywhere in the kernel
              nettrace -t ip,tcp 'tcp port 443'        TCP to port 443 in the IP and TCP layers
              nettrace --drop -o pid,if                drops, with reason, place, process and interface
              nettrace --drop --summary                the same as a table that is counted in the kernel
              nettrace --sock --port 443               what happens to sockets: connect, accept, states, resets
              nettrace --monitor                       trouble of any kind, at little cost
              nettrace --rtt --addr 10.0.0.0/8         round-trip times of TCP, by peer and service
              nettrace -p tcp --tcp-flags S --json     connection attempts, for a program to read

            nettrace explain REASON|CAUSE tells what a drop reason or cause means and what to do (explain --list, \
            explain --help).
            """,
        version: "0.1.0")

    @OptionGroup(title: "Packet filters (combined with AND)") var packets: PacketArguments
    @OptionGroup(title: "Other filters") var metadata: MetadataArguments
    @OptionGroup(title: "What is not wanted") var negation: NegationArguments
    @OptionGroup(title: "Where to trace") var places: TracerArguments
    @OptionGroup(title: "Drops") var drop: DropArguments
    @OptionGroup(title: "Trouble") var monitoring: MonitorArguments
    @OptionGroup(title: "TCP connections") var connections: ConnectionArguments
    @OptionGroup(title: "Packet by packet") var life: PacketLifeArguments
    @OptionGroup(title: "Why packets die") var diagnosis: DiagnosisArguments
    @OptionGroup(title: "Callers") var stacks: StackArguments
    @OptionGroup(title: "Return values") var returns: ReturnArguments
    @OptionGroup(title: "Limits of memory") var limits: LimitArguments
    @OptionGroup(title: "Output") var output: OutputArguments
    @OptionGroup(title: "Bytes of packets") var payload: PayloadArguments
    @OptionGroup(title: "Recording") var recording: RecordingArguments

    @Flag(help: "Show what this kernel lets nettrace do, and what that means.")
    var features = false

    /// As ParsableCommand's main(), but messages that may quote arguments are made safe for a terminal.
    static func main() {
        ProcessSetup.prepare()
        let arguments = ProcessSetup.commandLine.dropFirst()
        if arguments.first == ExplainCommand.word {
            launch(ExplainCommand.self, Array(arguments.dropFirst()))
        } else {
            launch(Self.self, OptionalValues.completed(NegationArguments.joined(Array(arguments))))
        }
    }

    private static func launch<Command: ParsableCommand>(_ type: Command.Type, _ arguments: [String]) {
        do {
            var command = try type.parseAsRoot(arguments)
            try command.run()
        } catch {
            let code = type.exitCode(for: error)
            var sink = code.isSuccess ? OutputSink.standardOutput : OutputSink.standardError
            let message = type.fullMessage(for: error)
            if !message.isEmpty { sink.write(message + "\n") }
            if code.isSuccess, let complaint = sink.complaint {
                var errors = OutputSink.standardError
                errors.write("Error: \(complaint)\n")
                Glibc.exit(EXIT_FAILURE)
            }
            Glibc.exit(code.rawValue)
        }
    }

    func validate() throws {
        try diagnosis.check(life, drops: drop.drop, records: recording.output != nil)
        try validateTables()
        try validateDrop()
        try validateSockets()
        try validateConnections()
        try validatePayload()
        guard !returns.graph || !(life.timeline || life.follow || life.latency || life.latencyBetween != nil) else {
            throw ValidationError("--graph is a view of its own; leave out --timeline, --follow and --latency")
        }
        guard life.minLatency == nil || life.timeline || returns.graph else {
            throw ValidationError("--min-latency chooses packets, so it needs --timeline or --graph")
        }
        guard life.timeout == nil || life.choosesView || returns.graph || diagnosis.isWanted else {
            throw ValidationError(
                "--timeout tells how long a silent packet is waited for, so it needs --timeline, --graph, --latency or --diag; "
                    + "to end a trace after 3 seconds write timeout -s INT 3 nettrace …")
        }
        if recording.output != nil, output.json || life.choosesView || returns.graph {
            throw ValidationError("--write shows nothing; record first, then choose the view with --read")
        }
        if recording.input != nil, output.readyFile != nil {
            throw ValidationError("--ready-file tells that everything is attached, and --read attaches nothing")
        }
    }

    func run() throws {
        output.setManners()
        if features {
            return try FeatureReport(json: output.json).print()
        }
        if let view = connections.view { return try ConnectionRun(self, view).run() }
        let catalog = try places.catalog()
        if places.asksForTree {
            return try TracerListing(catalog: catalog, verbose: output.verbose).print()
        }
        if let file = recording.input {
            var replay = try ReplayRun(file, self, catalog: catalog)
            return try replay.run()
        }
        let options = try TraceOptions(self, catalog: catalog)
        var run = try TraceRun(options, catalog: catalog)
        try run.run()
    }
}
