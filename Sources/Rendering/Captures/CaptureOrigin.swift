/// The origin of packets, for the head of a capture file.
public struct CaptureOrigin: Sendable {
    /// The program, with its version.
    public var application: String
    /// The kernel's release, and the kind of machine.
    public var kernel: String
    public var machine: String
    /// The command line of the trace.
    public var commandLine: String
    /// The packet filter, in the language of pcap-filter(7); nil if there is none.
    public var filter: String?

    public init(application: String, kernel: String, machine: String, commandLine: String, filter: String? = nil) {
        self.application = application
        self.kernel = kernel
        self.machine = machine
        self.commandLine = commandLine
        self.filter = filter
    }
}
