import ArgumentParser

/// `nettrace export`: a recording as a file of another program. Needs no privileges.
struct ExportCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "export",
        abstract: "Writes a recording as a file of another program.",
        usage: "nettrace export --to pcapng <file> [-o <file>] [options] [filter expression]",
        discussion: """
            The recording needs the bytes of packets: it is made with nettrace -w FILE --snapshot-length 0.

            Examples:
              nettrace export --to pcapng trip.ntr -o trip.pcapng
              nettrace export --to pcapng trip.ntr 'tcp port 443' | wireshark -k -i -
            """)

    enum Form: String, CaseIterable, ExpressibleByArgument {
        case pcapng
    }

    @Option(name: .customLong("to"), help: "The form of the file: pcapng.")
    var form: Form

    @Argument(help: .init("The recording; '-': standard input.", valueName: "file"))
    var file: String

    @Option(name: [.customShort("o"), .customLong("output")], help: .init("The file to write.", valueName: "file"))
    var output = "-"

    @Flag(help: "Each packet once per event, as it was there, instead of once per device.")
    var everyHook = false

    @Option(
        name: .customLong("linktype"),
        help: .init("device: as each device has its packets; sll2: one type for all, for tcpdump.", valueName: "type"))
    var linkType: PacketFileArguments.LinkForm = .device

    @Option(
        name: .customLong("comments"),
        help: .init(
            "The texts beside each packet: all; path: its end, verdict and path, a tenth as long, without JSON; none.",
            valueName: "texts"))
    var texts: PacketFileArguments.Texts = .all

    @OptionGroup(title: "Packet filters (combined with AND)") var packets: PacketArguments
    @OptionGroup(title: "Other filters") var metadata: MetadataArguments
    @OptionGroup(title: "What is not wanted") var negation: NegationArguments
    @OptionGroup(title: "Messages") var messages: MessageArguments

    /// The request of this command line.
    var request: EventsRequest {
        get throws {
            var request = try EventsRequest.plain
            request.packets = packets
            request.metadata = metadata
            request.negation = negation
            request.running.messages = messages
            request.readsRecording = true
            request.packetFile.pcapng = output
            request.packetFile.everyHook = everyHook
            request.packetFile.linkType = linkType
            request.packetFile.texts = texts
            return request
        }
    }

    func validate() throws { try request.packetFile.validate() }

    func run() throws {
        messages.setManners()
        let catalog = try CatalogFile(nil).tracers()
        var replay = try ReplayRun(file, try request, catalog: catalog)
        try replay.run()
    }
}
