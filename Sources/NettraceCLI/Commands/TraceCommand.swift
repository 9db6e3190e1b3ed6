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

            Commands (nettrace help COMMAND lists the options of each):
              nettrace read FILE                       the same views of a recording; also -r FILE
              nettrace table drops|rtt|connections     the tables; also --drop --summary, --rtt, --tcp-summary
              nettrace explain REASON|CAUSE|COUNTER    the meaning of a drop reason, a cause or a counter, and what to do
              nettrace features                        what this kernel lets nettrace do; also --features
              nettrace tracers                         the tracer tree; also -t '?'
            """)

    @OptionGroup var events: EventArguments

    /// The request of this command line.
    var request: EventsRequest { events.request(readsRecording: false) }

    func validate() throws { try request.check() }

    func run() throws {
        events.running.messages.setManners()
        let catalog = try events.places.catalog()
        if events.places.asksForTree {
            return try TracerListing(catalog: catalog, verbose: events.running.verbose).print()
        }
        var run = try TraceRun(TraceOptions(request, catalog: catalog), catalog: catalog)
        try run.run()
    }
}
