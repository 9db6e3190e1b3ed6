import ArgumentParser
import PacketReports

/// `nettrace ipreport`, also the program `ipreport`: formats a capture file. Needs no privileges.
struct IPReportCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "ipreport",
        abstract: "Formats the packets of a capture file as AIX's ipreport does.",
        usage: "nettrace ipreport [options] <file>",
        discussion: """
            Reads files of iptrace (1.0, 2.0), pcap, pcapng and snoop; docs/CAPTURE.md describes formats and limits. Names \
            of hosts come from the file and from /etc/hosts, names of services from /etc/services; no packet is sent.
            Exit codes: 1 the file cannot be opened, 2 it cannot be read to its end, 5 it is not a capture file.

            Examples:
              nettrace ipreport -ns trace.pcap               with packet numbers and protocols before each line
              nettrace ipreport -j 100 -c 1 -x trace.pcap    packet 100 alone, with all its bytes
              tcpdump -w - | nettrace ipreport -             live
            """)

    @Flag(name: .customShort("n"), help: "Print the number of each packet.")
    var numbers = false

    @Flag(name: .customShort("s"), help: "Begin each line with its protocol, instead of headings.")
    var prefixes = false

    @Flag(name: .customShort("x"), help: "Print whole packets in hexadecimal, not only the bytes after the headers.")
    var hexadecimal = false

    @Flag(name: .customShort("v"), help: "Print each field of each header by its name, and dates.")
    var verbose = false

    @Flag(name: .customShort("r"), help: "Decode RPC and NFS.")
    var rpc = false

    @Flag(name: .customShort("C"), help: "Validate the checksums of IP, TCP, UDP and ICMP.")
    var checksums = false

    @Flag(name: .customShort("N"), help: "Print addresses without names.")
    var withoutNames = false

    @Flag(name: .customShort("T"), help: "Refuse files in other formats than those of tcpdump: pcap, pcapng.")
    var tcpdump = false

    @Option(name: .customShort("c"), help: .init("Print this number of packets.", valueName: "count"))
    var count: UInt64?

    @Option(name: .customShort("j"), help: .init("Begin with the packet of this number.", valueName: "number"))
    var first: UInt64 = 1

    @Option(name: .customShort("X"), help: .init("Print at most this number of bytes of a packet.", valueName: "bytes"))
    var byteLimit: UInt32?

    @Argument(help: .init("The capture file; '-': standard input.", valueName: "file"))
    var file: String

    func validate() throws {
        if count == 0 { throw ValidationError("-c 0 would print no packet; name a number from 1 on") }
        if first == 0 { throw ValidationError("-j 0: packets are numbered from 1 on") }
    }

    func run() throws {
        var options = ReportOptions()
        options.hasNumbers = numbers
        options.hasPrefixes = prefixes
        options.isHexadecimal = hexadecimal
        options.isVerbose = verbose
        options.validatesChecksums = checksums
        options.decodesRPC = rpc
        options.hidesHosts = withoutNames
        options.byteLimit = byteLimit.map(Int.init)
        var run = ReportRun(file, options, first: first, count: count, onlyTcpdump: tcpdump)
        try run.run()
    }
}
