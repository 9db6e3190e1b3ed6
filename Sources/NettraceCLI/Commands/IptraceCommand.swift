import ArgumentParser

/// `nettrace iptrace`, also the program `iptrace`: records packets in a file.
struct IptraceCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "iptrace",
        abstract: "Records the packets of interfaces in a file, as AIX's iptrace does.",
        usage: "nettrace iptrace [options] <file>",
        discussion: """
            Goes on in the background; 'kill PID' ends it with everything written. The file is pcapng, which Wireshark, \
            tcpdump, ipreport and 'nettrace read' open; a file of an earlier run is continued. docs/CAPTURE.md describes \
            files and limits.
            Exit codes: 1 no interface, host or permission, or the file cannot be used; 2 an existing file cannot be \
            read; 5 it is no trace; 9 unknown protocol or service.

            Examples:
              nettrace iptrace /tmp/nettrace                             everything, on all interfaces
              nettrace iptrace -i eth0 -p telnet -s airmail /tmp/trace   from one host to or from a port
              nettrace iptrace -i eth0 -s airmail -b /tmp/trace          both directions
              nettrace iptrace --foreground -T -c 10 /tmp/trace.pcap     ten packets, for tcpdump -r
              nettrace iptrace /tmp/trace -- curl example.org            the packets of a command
              nettrace iptrace --files 10 --file-size 100M trace.pcapng  the last gigabyte
            """)

    @OptionGroup var options: IptraceArguments

    @Argument(help: .init("The file to write.", valueName: "file"))
    var file: String?

    @Argument(
        parsing: .postTerminator,
        help: .init("Start this command, record its packets, in the foreground, and end with it.", valueName: "command")
    )
    var command: [String] = []

    func validate() throws {
        if options.cleansUp {
            if let file { throw ValidationError("-u records nothing: leave '\(file)' out") }
        } else {
            guard let file, !file.isEmpty else {
                throw ValidationError("name the file to write, as in 'iptrace /tmp/trace'")
            }
            if file.hasSuffix("/") { throw ValidationError("'\(file)' is a folder; name a file in it") }
        }
        if options.cleansUp, !command.isEmpty { throw ValidationError("-u records nothing: leave the command out") }
        try IptracePathRun.check(request, options)
    }

    /// The request of this command line.
    var request: IptraceRequest {
        var request = options.request
        request.path = file ?? ""
        request.command = command
        if !command.isEmpty { request.isForeground = true }
        return request
    }

    func run() throws {
        guard file != nil else { return IptraceCleaning.run() }
        var run = IptraceRun(request)
        try run.run()
    }
}
