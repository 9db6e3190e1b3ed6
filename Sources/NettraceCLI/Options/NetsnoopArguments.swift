import ArgumentParser

/// Options of netsnoop.
struct NetsnoopArguments: ParsableArguments {
    @Option(
        name: .customShort("i"),
        help: .init(
            "A device, an address or a name of this machine, 'any', host:device, or a capture file; '-': standard input. "
                + "Default: the device of the default route.",
            valueName: "input"))
    var input: String?

    @Option(
        name: .customShort("L"),
        help: .init(
            "List fields, macros and options of protocols, or of a part such as ip.src; 'all' for all.",
            valueName: "protocols"))
    var list: String?

    @Option(name: .customShort("b"), help: .init("Print after every so many packets.", valueName: "packets"))
    var buffer: Int?

    @Option(
        name: .customShort("c"), help: .init("Stop after so many packets that match; implies -b.", valueName: "count"))
    var count: Int?

    @Option(
        name: .customShort("t"),
        help: .init(
            "Stop after so many seconds, in a file after the first packet.", valueName: "seconds"))
    var seconds: Double?

    @Option(name: .customShort("l"), help: .init("Use only so many bytes of a packet.", valueName: "length"))
    var length: Int?

    @Option(
        name: .customShort("q"),
        help: .init("Bytes that the kernel may hold until they are read.", valueName: "bytes"))
    var limit: Int?

    @Flag(name: .customShort("v"), help: "More fields; -vv and -vvv for even more.")
    var verbose: Int

    @Flag(name: .customShort("x"), help: "Dump data that no protocol interprets.")
    var dumpsData = false

    @Flag(name: .customShort("d"), help: "Dump whole packets instead of decoding them.")
    var dumpsPackets = false

    @Option(
        name: .customShort("h"),
        help: .init("Dump the headers of these protocols instead of decoding them.", valueName: "protocols"))
    var dumped: [String] = []

    @Option(name: .customShort("n"), help: .init("Do not show the headers of these protocols.", valueName: "protocols"))
    var hidden: [String] = []

    @Option(
        name: .customShort("p"),
        help: .init("Options of protocols, such as ip.nohostname; -L lists them.", valueName: "options"))
    var protocolOptions: [String] = []

    @Flag(name: .customShort("r"), help: "Number packets as received, not as matched.")
    var numbersReceived = false

    @Flag(name: .customShort("s"), help: "Afterwards, print how many packets were received and dropped.")
    var statistics = false

    @Flag(
        name: .customShort("y"),
        help: "Ask the name servers of /etc/resolv.conf for names that the machine's files do not have.")
    var asksServers = false

    @Option(
        name: .customShort("o"),
        help: .init(
            "Write matching packets to a file instead of decoding them: pcapng, or by its suffix pcap or snoop.",
            valueName: "file"))
    var output: String?

    @Flag(help: "One JSON object per packet (docs/FILTER-LANGUAGE.md).")
    var json = false

    @Option(name: .customShort("T"), help: .init("'fields': print the fields of -e.", valueName: "form"))
    var form: String?

    @Option(
        name: .customShort("e"),
        help: .init(
            "Also packets with errors: any, frame, checksum, toobig, toosmall, nobufs, overflow, memory; without a filter "
                + "only those. With -T fields: a field such as tcp.dport, or frame.number, frame.time, frame.len.",
            valueName: "errors"))
    var fields: [String] = []

    @Option(help: .init("Begin with the first packet that matches this.", valueName: "filter"))
    var startOn: String?

    @Option(help: .init("Stop after the first packet that matches this.", valueName: "filter"))
    var stopOn: String?

    @Option(
        name: .customLong("decode"),
        help: .init("Decode the data at a port as a protocol: tcp.8888=http.", valueName: "port=protocol"))
    var decodings: [String] = []

    @Option(help: .init("Print the data of the first TCP connection that matches this.", valueName: "filter"))
    var follow: String?

    @Flag(help: "Instead of packets, print packets and bytes of each protocol and conversation.")
    var stats = false

    /// Refuses what contradicts itself.
    func check() throws {
        if let form, form != "fields" { throw ValidationError("-T '\(form)': only 'fields' is known") }
        if form != nil, fields.isEmpty { throw ValidationError("-T fields needs fields: -e ip.src -e ip.dst") }
        for (value, letter) in [(buffer, "b"), (count, "c"), (length, "l"), (limit, "q")] {
            if let value, value < 1 { throw ValidationError("-\(letter) \(value): at least 1") }
        }
        if let seconds, !(seconds > 0 && seconds < 1e9) { throw ValidationError("-t \(seconds): a number above 0") }
        let forms = [
            (json, "--json"), (form != nil, "-T"), (output != nil, "-o"), (stats, "--stats"),
            (follow != nil, "--follow"),
        ].filter(\.0)
        guard forms.count < 2 else { throw ValidationError("\(forms[0].1) excludes \(forms[1].1)") }
    }

    /// With the options of other arguments for those that are not given.
    func completed(by defaults: NetsnoopArguments?) -> NetsnoopArguments {
        guard let defaults else { return self }
        var arguments = self
        arguments.input = input ?? defaults.input
        arguments.buffer = buffer ?? defaults.buffer
        arguments.count = count ?? defaults.count
        arguments.seconds = seconds ?? defaults.seconds
        arguments.length = length ?? defaults.length
        arguments.limit = limit ?? defaults.limit
        arguments.decodings = defaults.decodings + decodings
        arguments.verbose += defaults.verbose
        arguments.dumpsData = dumpsData || defaults.dumpsData
        arguments.dumpsPackets = dumpsPackets || defaults.dumpsPackets
        arguments.dumped += defaults.dumped
        arguments.hidden += defaults.hidden
        arguments.protocolOptions = defaults.protocolOptions + protocolOptions
        arguments.numbersReceived = numbersReceived || defaults.numbersReceived
        arguments.statistics = statistics || defaults.statistics
        arguments.asksServers = asksServers || defaults.asksServers
        arguments.startOn = startOn ?? defaults.startOn
        arguments.stopOn = stopOn ?? defaults.stopOn
        return arguments
    }
}
