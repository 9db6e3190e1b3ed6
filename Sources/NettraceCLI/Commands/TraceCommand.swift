import ArgumentParser

/// `nettrace trace`, the default command: traces this machine.
struct TraceCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "trace",
        abstract: "Shows the path of packets through the Linux kernel, and why they are dropped.",
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

            Commands (nettrace help COMMAND tells the options of each):
              nettrace read FILE                       the same views of a recording; also -r FILE
              nettrace table drops|rtt|connections     the tables; also --drop --summary, --rtt, --tcp-summary
              nettrace explain REASON|CAUSE|COUNTER    the meaning of a drop reason, a cause or a counter, and what to do
              nettrace features                        what this kernel lets nettrace do; also --features
              nettrace tracers                         the tracer tree; also -t '?'
            """)

    @OptionGroup(title: "Packet filters (combined with AND)") var packets: PacketArguments
    @OptionGroup(title: "Other filters") var metadata: MetadataArguments
    @OptionGroup(title: "What is not wanted") var negation: NegationArguments
    @OptionGroup(title: "Where to trace") var places: TracerArguments
    @OptionGroup(title: "Drops") var drop: DropArguments
    @OptionGroup(title: "Trouble") var monitoring: MonitorArguments
    @OptionGroup(title: "Packet by packet") var life: PacketLifeArguments
    @OptionGroup(title: "Why packets die") var diagnosis: DiagnosisArguments
    @OptionGroup(title: "Callers") var stacks: StackArguments
    @OptionGroup(title: "Return values") var returns: ReturnArguments
    @OptionGroup(title: "Limits of memory") var limits: LimitArguments
    @OptionGroup(title: "Output") var output: OutputArguments
    @OptionGroup(title: "Bytes of packets") var payload: PayloadArguments
    @OptionGroup(title: "Recording") var recording: RecordingArguments
    @OptionGroup(title: "The run") var running: RunArguments

    /// What this command line asks for.
    var request: EventsRequest {
        EventsRequest(
            packets: packets, metadata: metadata, negation: negation, places: places,
            drops: drop.drop ? DropRequest(ignored: drop.dropIgnore) : nil, monitoring: monitoring, life: life,
            diagnosis: diagnosis, stacks: stacks, returns: returns, limits: limits, output: output,
            payload: payload, running: running,
            recordingFile: recording.output)
    }

    func validate() throws { try request.check() }

    func run() throws {
        running.setManners()
        let catalog = try places.catalog()
        if places.asksForTree {
            return try TracerListing(catalog: catalog, verbose: running.verbose).print()
        }
        var run = try TraceRun(TraceOptions(request, catalog: catalog), catalog: catalog)
        try run.run()
    }
}
