import ArgumentParser

/// Arguments of Wireshark's protocol for capture programs (doc/extcap.4 of Wireshark).
struct ExtcapArguments: ParsableArguments {
    @Flag(name: .customLong("extcap-interfaces")) var listsInterfaces = false
    @Option(name: .customLong("extcap-version")) var version: String?
    @Option(name: .customLong("extcap-interface")) var interface: String?
    @Flag(name: .customLong("extcap-dlts")) var listsLinkTypes = false
    @Flag(name: .customLong("extcap-config")) var listsOptions = false
    @Option(name: .customLong("extcap-capture-filter")) var filter: String?
    @Option(name: .customLong("extcap-reload-option")) var reloaded: String?
    @Flag var capture = false
    @Option var fifo: String?
}

/// The options in Wireshark's dialog; their names are those of a trace.
struct ExtcapOptions: ParsableArguments {
    @Option(name: .customLong("tracer")) var tracer: String?
    @Option var netns: String?
    @Option var device: String?
    @Option var pid: String?
    @Option var comm: String?
    @Option(name: .customLong("snapshot-length")) var snapshotLength: Int?
    @Option(name: .customLong("linktype")) var linkType: PacketFileArguments.LinkForm?
    /// Only packets that are lost.
    @Flag var lost = false
    @Flag var everyHook = false

    /// The lines of `--extcap-config`.
    static let dialog = [
        argument(0, "netns", "Network namespaces", "string", "Names of ip netns, processes or 'current'; empty: all"),
        argument(1, "device", "Network devices", "string", "Names, comma-separated; empty: all"),
        argument(2, "pid", "Processes", "string", "Only packets of these processes and of their sockets"),
        argument(3, "comm", "Process names", "string", "The same by name"),
        argument(
            4, "tracer", "Places in the kernel", "string",
            "Tracers and groups of 'nettrace tracers'; empty: the usual ones"),
        argument(
            5, "snapshot-length", "Bytes per packet", "unsigned", "At most; 0: all", "{default=0}{range=0,262144}"),
        argument(6, "lost", "Only packets that are lost", "boolflag", "With the cause, the culprit and what to do"),
        argument(7, "every-hook", "Each packet at each place", "boolflag", "Instead of once per device"),
        argument(
            8, "linktype", "Link type", "selector", "One for all devices, or that of each device", "{default=device}"),
        "value {arg=8}{value=device}{display=of each device}{default=true}",
        "value {arg=8}{value=sll2}{display=Linux cooked v2}{default=false}",
    ]

    private static func argument(
        _ number: Int, _ name: String, _ title: String, _ type: String, _ help: String, _ rest: String = ""
    ) -> String {
        "arg {number=\(number)}{call=--\(name)}{display=\(title)}{type=\(type)}{tooltip=\(help)}\(rest)"
    }
}
