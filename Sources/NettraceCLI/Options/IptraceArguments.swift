import ArgumentParser
import Capture
import PacketFilter

/// The options of iptrace: first those of AIX, then those of this program.
struct IptraceArguments: ParsableArguments {
    @Flag(name: .customShort("a"), help: "Leave out ARP packets.")
    var withoutARP = false

    @Flag(name: .customShort("b"), help: "With -s or -d: record both directions.")
    var isBidirectional = false

    @Flag(name: .customShort("e"), help: "Promiscuous mode: record packets between other machines, too.")
    var isPromiscuous = false

    @Flag(name: .customShort("u"), help: "Remove what an older run has left, and end.")
    var cleansUp = false

    @Option(
        name: .customShort("P", allowingJoined: true),
        help: .init("Record packets of these protocols: names of /etc/protocols or numbers.", valueName: "list"))
    var protocols: [String] = []

    @Option(
        name: .customShort("i", allowingJoined: true),
        help: .init("Record packets of this interface only.", valueName: "interface"))
    var interface: String?

    @Option(
        name: .customShort("p", allowingJoined: true),
        help: .init("Record packets from or to these ports: names of /etc/services or numbers.", valueName: "list"))
    var ports: [String] = []

    @Option(
        name: .customShort("s", allowingJoined: true),
        help: .init("Record packets from this host: a name, an address or a network.", valueName: "host"))
    var sources: [String] = []

    @Option(
        name: .customShort("d", allowingJoined: true),
        help: .init("Record packets to this host.", valueName: "host"))
    var destinations: [String] = []

    @Option(
        name: .customShort("L", allowingJoined: true),
        help: .init("Move the file to FILE.old at the start, and whenever it has this size.", valueName: "size"))
    var logSize: ByteSize?

    @Flag(name: .customShort("B"), help: "Use BPF, as always; packets are cut to 80 bytes without -S.")
    var usesBPF = false

    @Flag(name: .customShort("Q"), help: "Record the path of each packet through the kernel beside it.")
    var tracesPath = false

    @Flag(name: .customShort("V"), help: "With -Q: the state of each packet's socket, too.")
    var tracesSockets = false

    @Flag(name: .customShort("T"), help: "Write a file as tcpdump does (pcap).")
    var isTcpdump = false

    @Option(
        name: .customShort("S", allowingJoined: true),
        help: .init("Record at most this number of bytes of a packet.", valueName: "bytes"))
    var snapLength: Int?

    @Option(help: .init("The format of the file: pcapng, pcap (-T) or iptrace2 (AIX).", valueName: "format"))
    var format: IptraceRequest.Format?

    @Option(help: .init("Record only packets that match this pcap-filter(7) expression, too.", valueName: "expression"))
    var bpf: String?

    @Option(
        parsing: .unconditionalSingleValue,
        help: .init("Record only packets of these processes, their children and their sockets.", valueName: "pids"))
    var pid: [String] = []

    @Option(help: .init("The same by name of the process's thread.", valueName: "names"))
    var comm: [String] = []

    @Option(help: .init("The same by cgroup (version 2) of the sockets, or above it.", valueName: "paths"))
    var cgroup: [String] = []

    @Option(
        name: [.customShort("c", allowingJoined: true), .long],
        help: .init("End after this number of packets.", valueName: "n"))
    var count: UInt64?

    @Option(help: .init("Begin a new file when it has this size (k, M, G).", valueName: "size"))
    var fileSize: ByteSize?

    @Option(help: .init("Begin a new file after this number of seconds.", valueName: "seconds"))
    var fileDuration: Double?

    @Option(help: .init("Keep this number of files, named FILE_00001_YYYYMMDDhhmmss.", valueName: "n"))
    var files: Int?

    @Option(
        name: .customShort("Z", allowingJoined: true),
        help: .init("Become this user once everything is open.", valueName: "user"))
    var user: String?

    @Option(help: .init("Memory for packets that were not yet written, 16M by default.", valueName: "size"))
    var buffer: ByteSize?

    @Flag(help: "Stay in the foreground, for service managers.")
    var foreground = false

    @Option(
        help: .init("Where to write the process id; in the background /run/iptrace.pid by default.", valueName: "file"))
    var pidFile: String?

    @Option(help: .init("Create this file once packets are recorded.", valueName: "file"))
    var readyFile: String?

    func validate() throws {
        if isBidirectional, sources.isEmpty, destinations.isEmpty {
            throw ValidationError("-b needs -s or -d, whose direction it changes")
        }
        if tracesSockets, !tracesPath { throw ValidationError("-V needs -Q, whose events it adds to") }
        if isTcpdump, let format, format != .pcap { throw ValidationError("-T excludes --format \(format.rawValue)") }
        if let snapLength, !(1...CaptureSettings.snapLimit).contains(snapLength) {
            throw ValidationError("-S \(snapLength): give a number of bytes from 1 to \(CaptureSettings.snapLimit)")
        }
        if count == 0 { throw ValidationError("-c 0 would record no packet; give a number from 1 on") }
        try validateRotation()
    }

    private func validateRotation() throws {
        if let fileDuration, !(fileDuration >= 1 && fileDuration.isFinite) {
            throw ValidationError("--file-duration: give a number of seconds from 1 on")
        }
        if let files, !(1...99_999).contains(files) { throw ValidationError("--files: give a number from 1 to 99999") }
        let isNumbered = fileSize != nil || fileDuration != nil
        if files != nil, !isNumbered { throw ValidationError("--files needs --file-size or --file-duration") }
        if logSize != nil, isNumbered { throw ValidationError("-L excludes --file-size and --file-duration") }
    }

    /// The request, without the file.
    var request: IptraceRequest {
        var request = IptraceRequest()
        request.filter.sources = sources
        request.filter.destinations = destinations
        request.filter.isBidirectional = isBidirectional
        request.filter.protocols = protocols
        request.filter.ports = ports
        request.filter.withoutARP = withoutARP
        request.filter.expression = bpf
        request.format = format ?? (isTcpdump ? .pcap : .pcapng)
        request.capture.interface = interface
        request.capture.isPromiscuous = isPromiscuous
        request.capture.snapLength = snapLength ?? (usesBPF ? Self.snapLengthOfAIX : CaptureSettings.snapLimit)
        // A pcap file has one link type, and the devices may have several.
        request.capture.isCooked = request.format == .pcap && interface == nil
        if let buffer { request.capture.ringBytes = Int(clamping: min(buffer.bytes, 4 << 30)) }
        request.rotation.size = logSize?.bytes ?? fileSize?.bytes
        request.rotation.seconds = fileDuration
        if logSize != nil { request.rotation.kind = .old }
        if fileSize != nil || fileDuration != nil { request.rotation.kind = .numbered(kept: files ?? 0) }
        request.isForeground = foreground
        request.pidFile = pidFile
        request.readyFile = readyFile
        request.user = user
        request.count = count
        request.tracesPath = tracesPath
        request.processes = pid
        request.commands = comm
        request.cgroups = cgroup
        request.tracesSockets = tracesSockets
        return request
    }

    /// The default of -S with -B.
    private static let snapLengthOfAIX = 80
}

extension IptraceRequest.Format: ExpressibleByArgument {}
